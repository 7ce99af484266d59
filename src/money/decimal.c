/* SPDX-License-Identifier: Apache-2.0 */
#include "money/decimal.h"

#include "money/number.h"
#include "money/wide.h"

#include <assert.h>

enum { SCALE_MAX = 18, SHORT_TEXT_MAX = 64 };

enum rc decimal_parse(struct text t, struct decimal *out, struct err *err)
{
	enum number_fault fault = number_scan(t, out, NULL);

	if (fault == NUMBER_RIGHT)
		return RC_OK;

	struct quotable said = number_quotable(t);
	struct decimal meant;

	err_code(err, "type.dec");
	if (fault != NUMBER_SHAPE)
		return err_set(err, RC_INVALID, "\"%s\" is not a number that fits: %s", said.p,
			       number_advice(fault));
	if (!number_guess(t, &meant))
		return err_set(err, RC_INVALID, "\"%s\" is not a number: write it like 1.5",
			       said.p);

	struct buf right;

	buf_init(&right, SHORT_TEXT_MAX);
	decimal_print(&right, meant);
	(void)err_set(err, RC_INVALID, "\"%s\" is not a number: write %.*s", said.p,
		      TEXT_ARG(buf_view(&right)));
	buf_free(&right);
	return RC_INVALID;
}

static enum rc percent_refuse(struct text t, enum number_fault fault, struct err *err)
{
	struct quotable said = number_quotable(t);
	bool sign = text_ends(t, "%");
	struct text number = text_sub(t, 0, sign ? t.n - 1 : t.n);
	struct decimal meant;

	err_code(err, "type.pct");
	if (fault != NUMBER_SHAPE)
		return err_set(err, RC_INVALID, "\"%s\" is not a percentage that fits: %s", said.p,
			       number_advice(fault));
	if (!number_guess(number, &meant))
		return err_set(err, RC_INVALID, "\"%s\" is not a percentage: write it like 99.9%%",
			       said.p);

	struct buf right;

	buf_init(&right, SHORT_TEXT_MAX);
	/* A bare 0.05 may be a share of one. Which of the two is meant only its author knows. */
	if (!sign && meant.units > 0 && meant.units < (int64_t)power_of_ten(meant.scale)) {
		decimal_print(&right,
			      fraction_percent(fraction_of_decimal(meant), 9, ROUND_HALF_UP));
		buf_str(&right, "% or ");
	}
	decimal_print(&right, meant);
	(void)err_set(err, RC_INVALID, "\"%s\" is not a percentage: write %.*s%%", said.p,
		      TEXT_ARG(buf_view(&right)));
	buf_free(&right);
	return RC_INVALID;
}

enum rc percent_parse(struct text t, struct decimal *out, struct err *err)
{
	enum number_fault fault = NUMBER_SHAPE;

	if (text_ends(t, "%"))
		fault = number_scan(text_sub(t, 0, t.n - 1), out, NULL);
	return fault == NUMBER_RIGHT ? RC_OK : percent_refuse(t, fault, err);
}

/* Without trailing zeros. */
static struct decimal shortest(struct decimal d)
{
	while (d.scale > 0 && d.units % 10 == 0) {
		d.units /= 10;
		d.scale--;
	}
	return d;
}

void decimal_print(struct buf *out, struct decimal d)
{
	d = shortest(d);
	decimal_print_places(out, d, d.scale);
}

void decimal_print_places(struct buf *out, struct decimal d, unsigned places)
{
	assert(d.scale <= SCALE_MAX && d.units > INT64_MIN);
	d = shortest(d);
	assert(d.scale <= places);

	int64_t units = d.units < 0 ? -d.units : d.units, one = (int64_t)power_of_ten(d.scale);

	if (d.units < 0)
		buf_char(out, '-');
	buf_i64(out, units / one);
	if (places == 0)
		return;
	buf_char(out, '.');
	if (d.scale > 0)
		buf_i64_pad(out, units % one, d.scale);
	buf_pad(out, '0', places - d.scale);
}

int decimal_cmp(struct decimal a, struct decimal b)
{
	/* 64 bits times 10^18 stay below 2^123. */
	i128 x = (i128)a.units * (i128)power_of_ten(b.scale),
	     y = (i128)b.units * (i128)power_of_ten(a.scale);

	return (x > y) - (x < y);
}

struct decimal decimal_of(int64_t n)
{
	return (struct decimal){n, 0};
}
