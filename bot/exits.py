"""The command line's exit codes; Source: design, «Contracts that other people build on»."""

FINE = 0
FAULTS_FOUND = 1
WRONG_USAGE = 2
STUCK = 70  # sysexits' EX_SOFTWARE: the watchdog has ended it
BAD_SETTINGS = 78  # sysexits' EX_CONFIG
