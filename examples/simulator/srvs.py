"""The roles that each Service Request Variant of DUIS is open to."""

_TABLE = """
IS                    | 1.1.2 1.2.2 1.7 6.4.1 6.4.2 6.12 6.14.1 6.14.2 6.14.3 6.25 6.26
IS                    | 7.1 7.5 7.6 7.8 7.9 7.10 7.12 7.13
IS GS                 | 1.1.1 1.2.1 1.5 1.6 2.1 2.2 2.3 2.5 3.1 3.2 3.3 3.4 3.5 4.3 4.4.2 4.4.3 4.4.4 4.4.5
IS GS                 | 4.6.1 4.13 4.14 4.18 6.8 6.11 6.15.2 6.17 6.20.1 6.21 6.23 6.24.2 6.28 6.29 7.2 7.3
IS GS                 | 8.1.1 8.3 8.7.1 8.8.1 8.12.1 8.12.2 8.13 8.14.1 8.14.2 8.14.3 8.14.4 11.1 11.3 11.4
IS GS ED              | 6.2.10 6.22
IS GS ED GT           | 4.1.1 4.1.2 4.10 6.15.1 6.24.1
IS GS ED GT RSA       | 6.13
IS GS ED GT OU        | 4.8.1 4.17
IS GS RSA             | 6.2.3 6.2.9 6.30 6.31 6.32
IS GS OU              | 4.11.1 8.7.2 8.8.2 8.9 8.11
IS ED                 | 4.1.3 4.12.1 4.15 4.16
IS ED RSA             | 6.2.1 6.2.2
IS ED OU              | 4.8.2 7.7 7.14 7.15
IS RSA                | 6.2.5
IS OU                 | 4.11.2 7.11
IS ES GS ED GT OU     | 5.1 5.2 5.3
IS ES GS ED GT RSA    | 7.4
IS ES GS ED GT RSA OU | 6.2.4 6.2.7 8.2 8.4 11.2 12.1 12.2
ES                    | 4.6.2 6.20.2
ES ED                 | 4.2 4.12.2
ES ED OU              | 4.8.3
GS                    | 4.1.4 6.6 6.7
GS GT RSA             | 6.2.8
ED                    | 6.5 6.18.1 6.18.2 6.27
GT                    | 14.1
OU                    | 9.1
                      | 7.16 8.5 8.6
"""

OPEN_TO = {
    srv: roles.strip()
    for roles, _, srvs in (line.partition("|") for line in _TABLE.strip("\n").splitlines())
    for srv in srvs.split()
}
"""By SRV the roles that it is open to, as DUIS abbreviates them."""
