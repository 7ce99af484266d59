#!/usr/bin/perl
# SPDX-License-Identifier: Apache-2.0
#
# The cases of `bench_deadlines --list 200` with Business::Hours (Debian: libbusiness-hours-perl), on standard input:
#
#   bench_deadlines --list 200 | peer_business_hours.pl
#
# Prints key value lines: time for all deadlines and all elapsed times, and per case, to set beside bench_deadlines' case_ns.
# Business::Hours counts whole seconds and a deadline at closing time as the next opening; peer_agree is how many of its deadlines
# are ours under that convention.
use strict;
use warnings;

BEGIN { $ENV{TZ} = 'Europe/Berlin' }
use POSIX ();
use Time::HiRes qw(clock_gettime CLOCK_MONOTONIC);
use Business::Hours;

POSIX::tzset();

my @holidays = qw(
    2026-01-01 2026-04-03 2026-04-06 2026-05-01 2026-05-14 2026-05-25 2026-10-03 2026-12-24 2026-12-25
    2026-12-26 2026-12-31 2027-01-01 2027-03-08 2027-03-26 2027-03-29 2027-05-06 2027-05-17 2027-12-24
);
my %week = map { $_ => { Name => $_, Start => '9:00', End => '17:00' } } 1 .. 5;
$week{$_} = { Name => $_, Start => undef, End => undef } for 0, 6;

my ($seed, @cases) = ('unknown');
while (my $line = <STDIN>) {
    if ($line =~ /^# seed (\d+)/) { $seed = $1; next }
    push @cases, [split ' ', $line];
}
die "peer_business_hours.pl: no cases on standard input\n" if !@cases;

# As bench_deadlines does, the calendar is made within the time taken.
my $agree = 0;
my $start = clock_gettime(CLOCK_MONOTONIC);
my $hours = Business::Hours->new;
$hours->business_hours(%week);
$hours->holidays(@holidays);
for my $case (@cases) {
    my ($from, $goal, $due, $next) = @$case;
    $agree++ if $hours->add_seconds($from, $goal) == $next;
}
my $deadlines = clock_gettime(CLOCK_MONOTONIC) - $start;

$start = clock_gettime(CLOCK_MONOTONIC);
my $sum = 0;
for my $case (@cases) {
    my ($from, $goal, $due) = @$case;
    $hours->for_timespan(Start => $from, End => $due);
    $sum += $hours->between($from, $due);
}
my $elapsed = clock_gettime(CLOCK_MONOTONIC) - $start;

printf "seed %s\n", $seed;
printf "peer_cases %d\n", scalar @cases;
printf "peer_agree %d\n", $agree;
printf "peer_deadlines_ms %.3f\n", $deadlines * 1000;
printf "peer_elapsed_ms %.3f\n", $elapsed * 1000;
printf "peer_case_ns %.0f\n", ($deadlines + $elapsed) * 1e9 / @cases;
