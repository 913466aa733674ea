"""The plan and everything decided by it: pure, no clock, no network, no database, no SDK."""
