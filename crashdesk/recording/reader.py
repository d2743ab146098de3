"""The reading side of a recording: finished or growing, opened read-only, nothing written anywhere."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from crashdesk.model.columns import Landing, LiquidationColumns, Restore
from crashdesk.model.errors import RecordingError
from crashdesk.model.records import Batch, Event, Gap, Note, PerpStats, Session
from crashdesk.recording.catch_up import Stopped, catch_up
from crashdesk.recording.chunk_finder import ChunkFinder
from crashdesk.recording.codec import PAYLOAD_ERRORS
from crashdesk.recording.format import FIRST_OFFSET, HEADER_SIZE, Header, Kind, parse_header
from crashdesk.recording.frames import Found, FrameFile
from crashdesk.recording.ledger import Ledger
from crashdesk.recording.play import Damage, Player, find_key
from crashdesk.recording.restore import Restorer
from crashdesk.recording.rush import Rush
from crashdesk.recording.small import decode_small
from crashdesk.recording.successor import successor_paths
from crashdesk.recording.survey import RecordingInfo, Survey


class RecordingReader:
    """A `model.ports.Source` on a `*.crash` file. Not thread-safe; several readers of one file do no harm."""

    def __init__(self, file: FrameFile) -> None:
        """Use `open`."""
        self._file = file
        self._damage: dict[int, Damage] = {}
        self._restorer = Restorer(file, self._report)
        self._finder = ChunkFinder(file, self._restorer)
        self._left: Player | None = None
        self._session: Session | None = None
        self._end = FIRST_OFFSET
        self._end_ms = 0
        self._last: Header | None = None
        self._open()

    @classmethod
    def open(cls, path: Path) -> RecordingReader:
        """Open a recording. Raises RecordingError in one sentence: missing, no file, empty, foreign, newer, damaged."""
        file = FrameFile(Path(path))
        try:
            return cls(file)
        except BaseException:
            file.close()
            raise

    def _open(self) -> None:
        first = self._file.next_frame(FIRST_OFFSET, self._file.size)
        last = self._file.last_frame(self._file.size)
        if first is None or last is None:
            raise RecordingError(f"{self.path} is empty: nothing was ever recorded in it")
        self._start_ms = self._end_ms = first.header.recv_ms
        key = find_key(self._file, last.header)
        if key is not None:
            self._session = key[1].session
            self._see(key[0])
        self._advance()
        if self._session is None:
            raise RecordingError(f"{self.path} is damaged: it holds no readable session")

    @property
    def path(self) -> Path:
        """The file."""
        return self._file.path

    @property
    def session(self) -> Session:
        """The newest session header."""
        if self._session is None:
            raise RecordingError(f"{self.path} holds no readable session")
        return self._session

    @property
    def start_ms(self) -> int:
        """`recv_ms` of the first frame."""
        return self._start_ms

    @property
    def end_ms(self) -> int:
        """`recv_ms` of the last whole frame seen so far."""
        return self._end_ms

    @property
    def first_offset(self) -> int:
        """Where `batches` starts for a full play."""
        return FIRST_OFFSET

    @property
    def end_offset(self) -> int:
        """Behind the last whole frame seen so far."""
        return self._end

    def tail(self) -> tuple[int, bool]:
        """(bytes behind the last whole frame, whether they begin with a frame that was cut off by the end)."""
        size = self._file.measure()
        begun = self._file.read(self._end, HEADER_SIZE)
        cut = len(begun) < HEADER_SIZE or parse_header(begun, 0, self._end) is not None
        return max(0, size - self._end), cut

    @property
    def last_header(self) -> Header | None:
        """The header of the last whole frame seen so far."""
        return self._last

    @property
    def damage(self) -> tuple[Damage, ...]:
        """The damage met so far, in the order of the file; `info` looks through all of it."""
        return tuple(self._damage[offset] for offset in sorted(self._damage))

    def _report(self, damage: Damage) -> None:
        self._damage[damage.start_offset] = damage

    def close(self) -> None:
        """Close the file; doing it twice is harmless. Loading a chunk's details raises RecordingError from now on."""
        self._file.close()

    def refresh(self) -> bool:
        """Look for frames appended since; True if there are any."""
        before = self._end
        if self._file.measure() > before:
            self._advance()
        return self._end > before

    def successor(self) -> RecordingReader | None:
        """The recording in which this one goes on, opened; None while it is not closed, or there is none to be found.

        It begins with what came before it, so that a state at this one's end is the same there.
        """
        if self._last is None or self._last.kind != Kind.CLOSE:
            return None
        found = self._file.frame(self._last.offset)
        for path in successor_paths(self.path, found.payload if found is not None else b""):
            if not self._file.is_at(path) and (reader := self._continued(path)) is not None:
                return reader
        return None

    def _continued(self, path: Path) -> RecordingReader | None:
        try:
            reader = RecordingReader.open(path)
        except RecordingError:
            return None  # another name may do, or it is about to be there
        if reader.session.recording_id == self.session.recording_id and reader.start_ms <= self.end_ms <= reader.end_ms:
            return reader
        reader.close()
        return None

    def _advance(self) -> None:
        file = self._file
        while self._end < file.size:
            file.ahead(self._end)
            found = file.frame(self._end) or file.next_frame(self._end + 1, file.size)
            if found is None:
                break
            self._see(found)

    def _see(self, found: Found) -> None:
        header = found.header
        self._last = header
        self._end = header.end
        self._end_ms = max(self._end_ms, header.recv_ms)
        if header.kind == Kind.SESSION:
            try:
                sessions = decode_small(Session, found.payload)
            except PAYLOAD_ERRORS:
                return  # playing the frame reports it
            self._session = sessions[-1] if sessions else self._session

    def checkpoint(self, at_ms: int) -> tuple[Header, Ledger] | None:
        """The last checkpoint at or before `at_ms`, None when there is none so early."""
        key = find_key(self._file, self._file.last_until(at_ms, self._end))
        return None if key is None else (key[0].header, key[1])

    def restore(self, at_ms: int) -> Restore:
        """The last checkpoint at or before `at_ms`; before the first one the empty state at the start."""
        key = self.checkpoint(at_ms)
        if key is None:
            ledger = Ledger(self._first_session())
            ledger.recv_ms = self._start_ms - 1
            return self._restorer.restore(ledger, FIRST_OFFSET)
        header, ledger = key
        restored = self._restorer.restore(ledger, header.end)
        self._left = Player.behind(self._file, self._report, header, ledger)
        return restored

    def state_at(self, at_ms: int) -> Restore:
        """The same with what came since the checkpoint; `batches` goes on behind it."""
        key = find_key(self._file, self._file.last_until(at_ms, self._end))
        if key is None:
            return self.restore(at_ms)
        header, ledger = key[0].header, key[1]
        point = self._restorer.restore(ledger, header.end)
        try:
            caught = catch_up(self._file, header, ledger, at_ms, self._end)
        except Stopped:
            return self.restore(at_ms)
        if caught is None:
            self._left = Player.behind(self._file, self._report, header, ledger)
            return point
        ledger.quotes.update((number, (came, quote)) for number, came, quote in caught.quotes)
        last = caught.last
        self._left = Player(self._file, self._report, caught.decoder, last.end, last.seq, last.recv_ms)
        return point._replace(quotes=tuple(ledger.quotes.values()), offset=last.end, since=caught.since)

    def _first_session(self) -> Session:
        found = self._file.frame(FIRST_OFFSET)
        if found is not None and found.header.kind == Kind.SESSION:
            try:
                return decode_small(Session, found.payload)[0]
            except PAYLOAD_ERRORS:
                pass  # the newest one will do
        return self.session

    def batches(self, offset: int) -> Iterator[tuple[int, Batch]]:
        """(offset behind the frame, batch) of every whole frame from `offset` to the present end.

        `offset` is `first_offset`, that of a `Restore` or one that came out of here. Lost frames come as a batch with
        one Gap. Raises RecordingError when the disk refuses.
        """
        player = self._player(offset)
        try:
            yield from player.run(self._end)
        finally:
            self._left = player

    def rush(self, offset: int, at_ms: int) -> Iterator[tuple[int, Batch | None]]:
        """The same up to `at_ms` but for the quotes, see `Rush.run`; to be followed by `land` before anything else."""
        left = self._left
        stands = left if left is not None and left.told == offset else self._player(offset, Kind.NAMES)
        return Rush(self._file, stands).run(at_ms, self._end)

    def land(self, at_ms: int) -> Landing | None:
        """The quotes that a rush left out whose last batch came at `at_ms`; None when they must be played."""
        key = self.checkpoint(at_ms)
        if key is None:
            return None
        header, ledger = key
        hours, chunks = self._restorer.roll_ups(ledger)
        try:
            caught = catch_up(self._file, header, ledger, at_ms, self._end, quotes_only=True)
        except Stopped:
            return None
        if caught is None or caught.last.recv_ms != at_ms:
            return None
        ledger.quotes.update((number, (came, quote)) for number, came, quote in caught.quotes)
        last = caught.last
        self._left = Player(self._file, self._report, caught.decoder, last.end, last.seq, last.recv_ms)
        return Landing(tuple(ledger.quotes.values()), chunks, hours, caught.since.bars, caught.since.minutes)

    def _player(self, offset: int, only: Kind | None = None) -> Player:
        left, self._left = self._left, None
        if left is not None and left.told == offset:
            return left
        before = self._file.last_frame(offset) if offset > FIRST_OFFSET else None
        key = find_key(self._file, before.header if before else None)
        if key is None:
            player = Player.at_start(self._file, self._report, only)
        else:
            player = Player.behind(self._file, self._report, key[0].header, key[1], only)
        for _ in player.run(offset):
            pass  # only what the decoder must know
        return player

    def marks(self) -> tuple[Event | Note | Gap, ...]:
        """Events, notes and gaps of the whole recording, sorted by their own (start) time."""
        return self._survey().marks()

    def perps_at(self, at_ms: int) -> tuple[PerpStats, ...]:
        """Funding and open interest as of the last checkpoint at or before `at_ms`; nothing before the first one."""
        key = find_key(self._file, self._file.last_until(at_ms, self._end))
        return tuple(dict.fromkeys(key[1].perps.values())) if key is not None else ()

    def chunk_rows(self, number: int) -> LiquidationColumns | None:
        """The liquidations received in a chunk, in the order they came; None while it is not rolled up or damaged."""
        return self._finder.rows(number, self._last, self._end)

    def liquidations(self, from_ms: int, to_ms: int) -> Iterator[Batch]:
        """The frames of liquidations with `from_ms` <= recv_ms <= `to_ms` as batches, raw payloads included.

        Nothing else is decoded. Lost frames come as a batch with one Gap. Raises RecordingError when the disk refuses.
        """
        key = find_key(self._file, self._file.last_until(from_ms, self._end))
        if key is None:
            player = Player.at_start(self._file, self._report, Kind.LIQUIDATIONS)
        else:
            player = Player.behind(self._file, self._report, key[0].header, key[1], Kind.LIQUIDATIONS)
        for _, batch in player.run(self._end):
            if batch.recv_ms > to_ms:
                return
            if batch.recv_ms >= from_ms:
                yield batch

    def minute_totals(self) -> dict[int, tuple[int, int, int]]:
        """Liquidated in each minute of `ts_ms` over the whole recording: (long, short in micro-dollars, orders)."""
        return self._survey().minute_totals()

    def info(self) -> RecordingInfo:
        """What the recording holds, by a look at every frame. Raises RecordingError when the disk refuses."""
        return self._survey().info()

    def _survey(self) -> Survey:
        return Survey(self, self._file, self._restorer, self._report)
