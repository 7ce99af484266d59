/* SPDX-License-Identifier: Apache-2.0 */
/* tenor serve: pages and API as one site in the server's workers. Joins the rooms that do not know each other. */
#ifndef CLI_SERVE_H
#define CLI_SERVE_H

#include "app/app.h"

enum rc serve(struct app *app, const struct args *args, struct reply *reply, struct err *err) MUST_USE;

#endif
