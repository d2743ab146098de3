"""The exchanges: the only room that knows ccxt."""
