"""The writing side of a recording: one owner, append only."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from crashdesk.model.columns import CHUNK_MS
from crashdesk.model.records import Feed, Gap, Quote, Record, Session
from crashdesk.model.timeframe import HOUR_MS
from crashdesk.recording.appender import FrameAppender
from crashdesk.recording.cells import Cells
from crashdesk.recording.check import check_records
from crashdesk.recording.codec import KIND_OF, NAMED, encode_names, encode_records
from crashdesk.recording.digest import gather, health_rows, long_run
from crashdesk.recording.disk import Disk
from crashdesk.recording.format import DIGEST, FIRST_WITH_HOURS, Kind
from crashdesk.recording.frames import FrameFile
from crashdesk.recording.hour_codec import encode_hour
from crashdesk.recording.hours import sum_up
from crashdesk.recording.key_codec import encode_key
from crashdesk.recording.ledger import Ledger, Ref, Tally
from crashdesk.recording.opening import open_end
from crashdesk.recording.quotes import encode_quotes
from crashdesk.recording.rollup_codec import Rollup, Summary, encode_rollup
from crashdesk.recording.step import Seen, encode_step
from crashdesk.recording.successor import encode_successors

CHECKPOINT_BYTES = 8 << 20
"""A checkpoint is also written when this much was written since the last one."""
MOST_RECORDS = 50_000
"""Records in one frame; more of a kind are spread over several."""
STEP_QUOTES = 10_000
"""A STEP is written when so many quotes came since the last one, or the last checkpoint."""
NOT_RUNNING = "recorder was not running"


class RecordingWriter:
    """Appends to one recording. Not thread-safe. Hold the `WriterLock` of the path while it is open."""

    def __init__(self, out: FrameAppender, file: FrameFile | None, ledger: Ledger) -> None:
        """Use `open`."""
        self._out = out
        self._file = file
        self._ledger = ledger
        self._chunk = out.recv_ms // CHUNK_MS
        self._key_cells = Cells()
        self._quotes_since = 0

    @classmethod
    def open(
        cls, path: Path, session: Session, now_ms: int, *, fsync: bool = True, disk: Disk | None = None
    ) -> RecordingWriter:
        """Create a recording (mode 0600) or go on with one of ours, and write the session record.

        A recording that is taken up keeps its `recording_id`, gets a Gap from its last frame to `now_ms` and a
        checkpoint; a torn tail stays where it is. Raises RecordingError with one sentence, and leaves the file as it
        is, when it is foreign, newer, no file, being written by somebody else, or ahead of the clock by more than a
        minute; OSError when the disk refuses.
        """
        out, file, ledger = open_end(Path(path), now_ms, fsync=fsync, disk=disk)
        writer = cls(out, file, ledger or Ledger(session))
        try:
            if ledger is None:
                writer._begin(session, now_ms)
            else:
                writer._take_up(session, now_ms)
        except BaseException:
            writer.let_go()
            raise
        return writer

    def _begin(self, session: Session, now_ms: int) -> None:
        self._put(Kind.SESSION, [session], now_ms)
        self._file = FrameFile(self.path)
        self.sync()

    def _take_up(self, session: Session, now_ms: int) -> None:
        ended = self._out.recv_ms
        before = self._ledger.session
        automatic = session.automatic and before.automatic
        kept = session._replace(recording_id=before.recording_id, automatic=automatic)
        self._put(Kind.SESSION, [kept], now_ms)
        self._put(Kind.GAPS, [Gap("", Feed.TICKERS, ended, max(now_ms, ended), NOT_RUNNING)], now_ms)
        self._checkpoint()
        self.sync()

    @property
    def path(self) -> Path:
        """The file."""
        return self._out.path

    @property
    def size(self) -> int:
        """Bytes in the file."""
        return self._out.size

    @property
    def recv_ms(self) -> int:
        """`recv_ms` of the last frame."""
        return self._out.recv_ms

    def append(self, records: Sequence[Record], now_ms: int) -> None:
        """Commit records that came together: one frame a kind, in the order in which the kinds first come.

        Followers see them at once. Quotes equal to the instrument's newest one are left out; when nothing remains the
        clock still ticks. Raises OverflowError before anything is written when a number or time can be in no recording,
        and OSError when the disk refuses. Records of one kind, up to `MOST_RECORDS`, are then all in the file or none
        of them is, and may be appended again; of more or of several kinds the first frames may be there already.
        """
        groups: dict[Kind, list[Record]] = {}
        for record in records:
            groups.setdefault(KIND_OF[type(record)], []).append(record)
        for kind, group in groups.items():
            check_records(kind, group)
        parts = [
            (kind, group[start : start + MOST_RECORDS])
            for kind, group in groups.items()
            for start in range(0, len(group), MOST_RECORDS)
        ]
        for kind, part in parts:
            self._prepare(now_ms)
            self._put(kind, part, now_ms)

    def tick(self, now_ms: int) -> None:
        """A frame without records: only the clock moves. Raises OSError when the disk refuses."""
        self._prepare(now_ms)
        self._put(Kind.TICK, (), now_ms)

    def sync(self) -> None:
        """Make what was written safe on the disk. Raises OSError when the disk refuses."""
        self._out.sync()

    def close(self, now_ms: int) -> None:
        """Write the final checkpoint and end cleanly; twice is harmless. Raises OSError when the disk refuses."""
        if self._out.closed:
            return
        try:
            self.end(now_ms)
        finally:
            self.let_go()

    def end(self, now_ms: int, successors: Sequence[str] = ()) -> None:
        """Write the final checkpoint and that the recording is closed; it may be gone on with all the same.

        `successors` are the names under which the recording that goes on may be found, see `successor`.
        """
        self._checkpoint()
        self._out.write(Kind.CLOSE, self._out.next_ms(now_ms), encode_successors(successors))
        self.sync()

    def renamed(self, path: Path) -> None:
        """The file has got another name."""
        self._out.path = path

    def let_go(self) -> None:
        """Close the file without a word."""
        self._out.close()
        if self._file is not None:
            self._file.close()

    def _prepare(self, now_ms: int) -> None:
        """Write a checkpoint if the next frame opens a new chunk, or after a lot of data."""
        since = self._out.size - (self._out.key_offset or 0)
        if self._out.next_ms(now_ms) // CHUNK_MS != self._chunk or since > CHECKPOINT_BYTES:
            self._checkpoint(self._out.next_ms(now_ms))
        elif self._quotes_since >= STEP_QUOTES and self._ledger.tallies.keys() == {self._chunk}:
            self._step(self._ledger.tallies[self._chunk])

    def _put(self, kind: Kind, records: Sequence[Record], now_ms: int) -> None:
        if kind in NAMED:
            self._name(records)
        recv_ms = self._out.next_ms(now_ms)
        if kind is Kind.QUOTES:
            self._put_quotes(records, recv_ms)
            return
        payload = encode_records(kind, recv_ms, records, self._ledger.names.number) if records else b""
        self._note(kind, self._out.write(kind, recv_ms, payload), records)

    def _note(self, kind: Kind, offset: int, records: Sequence[Record]) -> None:
        recv_ms = self._out.recv_ms
        self._chunk = recv_ms // CHUNK_MS
        self._ledger.note(kind, Ref(offset, recv_ms, len(records)), records)

    def _put_quotes(self, records: Sequence[Record], recv_ms: int) -> None:
        ledger = self._ledger
        rows = [(ledger.names.number(row.venue, row.symbol), row) for row in records if isinstance(row, Quote)]
        payload, fresh, kept = encode_quotes(ledger.cells, recv_ms, rows)
        kind = Kind.QUOTES if kept else Kind.TICK
        offset = self._out.write(kind, recv_ms, payload if kept else b"")
        ledger.cells.update(fresh)
        self._quotes_since += len(kept)
        self._note(kind, offset, kept)

    def _name(self, records: Sequence[Record]) -> None:
        names = self._ledger.names
        pairs = names.missing(records)
        if pairs:
            self._out.write(Kind.NAMES, self._out.recv_ms + 1, encode_names(len(names), pairs))
            names.put(len(names), pairs)

    def _checkpoint(self, next_ms: int = 0) -> None:
        """`next_ms` is the recv_ms of the frame that comes next, where that is known."""
        ledger = self._ledger
        if self._file is not None:
            self._file.measure()
        for index in sorted(ledger.tallies):
            self._roll_up(index, ledger.tallies[index])
        self._close_hours(max(next_ms, self._out.recv_ms))
        for kind in ledger.refs:
            self._gather(kind)
        ledger.expire(lambda ref: health_rows(ref, self._file))
        recv_ms = self._out.recv_ms + 1
        payload, cells = encode_key(ledger, recv_ms)
        self._out.write(Kind.KEY, recv_ms, payload)
        ledger.cells, self._key_cells, self._quotes_since = cells, cells.copy(), 0

    def _step(self, tally: Tally) -> None:
        ledger = self._ledger
        if self._out.key_offset is None:
            return
        recv_ms = self._out.recv_ms + 1
        seen = Seen(tally.bars.summary(), tally.bars.bars())
        payload = encode_step(recv_ms, ledger.names, self._key_cells, ledger.cells, ledger.quotes, seen)
        self._out.write(Kind.STEP, recv_ms, payload)
        self._quotes_since = 0

    def _roll_up(self, index: int, tally: Tally) -> None:
        summary = Summary(index, tally.sums.summary(), tally.bars.summary())
        rollup = Rollup(summary, tally.rows.columns(), tally.frames, tally.bars.bars())
        payload = encode_rollup(rollup, self._ledger.names.number)
        recv_ms = self._out.recv_ms + 1
        offset = self._out.write(Kind.ROLLUP, recv_ms, payload)
        self._ledger.refs[Kind.ROLLUP].append(Ref(offset, recv_ms, 1))
        del self._ledger.tallies[index]

    def _close_hours(self, before_ms: int) -> None:
        ledger, refs = self._ledger, self._ledger.refs[Kind.ROLLUP]
        file = self._file
        if (
            file is None
            or file.version < FIRST_WITH_HOURS
            or not refs
            or refs[0].recv_ms // HOUR_MS == before_ms // HOUR_MS
        ):
            return
        file.measure()
        for hour in list(sum_up(refs, file, ledger.names, before_ms)):
            recv_ms = self._out.recv_ms + 1
            offset = self._out.write(Kind.HOUR, recv_ms, encode_hour(hour, ledger.names.number))
            ledger.close_hour(Ref(offset, recv_ms, 1), hour.frames)

    def _gather(self, kind: Kind) -> None:
        refs, file, ledger = self._ledger.refs, self._file, self._ledger
        # what one run became may make a larger one long enough
        while file is not None and (run := long_run(kind, refs[kind])) is not None:
            file.measure()
            written = []
            for digest in gather(kind, refs[kind][run], file, ledger.names):
                recv_ms = self._out.recv_ms + 1
                offset = self._out.write(kind, recv_ms, digest.payload, DIGEST)
                written.append((Ref(offset, recv_ms, digest.rows), digest.spans))
            if not written:
                return
            ledger.replace_run(kind, run, written)
