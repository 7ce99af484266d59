/* SPDX-License-Identifier: Apache-2.0 */
#include "base/process.h"

#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

void process_end_with(pid_t parent, int number)
{
	(void)prctl(PR_SET_PDEATHSIG, number, 0, 0, 0);
	/* one that ended before that line is not told of by the kernel */
	if (getppid() != parent)
		(void)kill(getpid(), number);
}
