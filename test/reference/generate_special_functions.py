"""
Makes test/data/special-functions.json: values of the special functions at 60 digits, rounded to the nearest double.

    python test/reference/generate_special_functions.py > test/data/special-functions.json
"""

import json

from mpmath import mp, mpf

mp.dps = 60

ARGUMENTS = {
    "logGamma": [
        (1e-08,),
        (0.001,),
        (0.1,),
        (0.3,),
        (0.5,),
        (0.75,),
        (0.99,),
        (0.9999999,),
        (1.0000001,),
        (1.01,),
        (1.4,),
        (1.6,),
        (1.999999,),
        (2.000001,),
        (2.2,),
        (2.5,),
        (2.7,),
        (3,),
        (4.5,),
        (7,),
        (9.9,),
        (11.99,),
        (12,),
        (15,),
        (30,),
        (100.5,),
        (10000.0,),
        (100000000.0,),
    ],
    "erfc": [
        (-6,),
        (-3,),
        (-1,),
        (-0.3,),
        (0.1,),
        (0.4687,),
        (0.46876,),
        (0.5,),
        (1,),
        (1.5,),
        (2,),
        (3,),
        (3.99,),
        (4,),
        (4.01,),
        (6,),
        (10,),
        (20,),
        (26.5,),
    ],
    "normalSurvival": [
        (-8,),
        (-3,),
        (-1,),
        (-0.1,),
        (0,),
        (0.3,),
        (0.66,),
        (0.67,),
        (1,),
        (1.96,),
        (3,),
        (5,),
        (5.66,),
        (6,),
        (8,),
        (10,),
        (20,),
        (30,),
        (37.5,),
    ],
    "normalQuantile": [
        (1e-300,),
        (1e-100,),
        (1e-20,),
        (1e-10,),
        (1e-05,),
        (0.001,),
        (0.02,),
        (0.07,),
        (0.08,),
        (0.3,),
        (0.6,),
        (0.9,),
        (0.95,),
        (0.975,),
        (0.99,),
    ],
    "gamma": [
        (0.5, 0.05,),
        (0.5, 1.5,),
        (0.5, 1.9,),
        (5, 500,),
        (1.25, 2.5,),
        (3.5, 0.0015,),
        (50, 15,),
        (10000, 10000,),
        (10000, 10400,),
        (10000, 9700,),
        (1000000.0, 1003000.0,),
        (0.001, 0.5,),
        (0.1, 1e-10,),
        (100, 100,),
        (100, 150,),
        (1000, 1005,),
        (20, 200,),
        (100000000.0, 100020000.0,),
        (0.5, 300,),
    ],
    "beta": [
        (0.5, 0.5, 0.3,),
        (1.5, 0.5, 0.999,),
        (4.5, 0.5, 0.6,),
        (3, 8, 0.0667,),
        (50, 3, 0.687,),
        (0.5, 20.5, 2e-05,),
        (499001, 501000, 0.5,),
        (87, 150, 0.5,),
        (100, 100, 0.7,),
        (1000, 2000, 0.4,),
        (0.01, 0.02, 0.5,),
        (0.001, 5, 1e-50,),
        (30, 40, 1e-05,),
        (15, 0.5, 1e-05,),
        (100000.0, 100000.0, 0.505,),
    ],
    "studentTSurvival": [
        (0.5, 1,),
        (1e-08, 3,),
        (2.262157162740992, 9,),
        (-1, 5,),
        (12, 3,),
        (40, 3,),
        (10000000000.0, 1,),
        (1000, 30,),
        (3, 2.5,),
        (8, 200,),
        (1.7, 5000,),
    ],
    "studentTUpperQuantile": [
        (0.025, 1,),
        (0.05, 2,),
        (0.025, 9,),
        (0.05, 30.5,),
        (1e-06, 4,),
        (0.4, 7,),
        (0.025, 3000,),
        (0.7, 6,),
        (1e-20, 12,),
    ],
    "binomialCdf": [
        (3, 10, 0.5,),
        (50, 100, 0.5,),
        (0, 20, 0.1,),
        (86, 236, 0.5,),
        (5, 400, 0.1,),
        (300, 400, 0.7,),
        (0, 1000, 0.001,),
    ],
    "binomialProbability": [
        (3, 10, 0.5,),
        (0, 5, 0.25,),
        (5, 5, 0.25,),
        (50, 100, 0.5,),
        (1, 1000, 0.5,),
        (500000, 1000000, 0.5,),
        (300, 400, 0.7,),
        (100, 1000000, 0.0001,),
    ],
    "fSurvival": [
        (4, 3, 10,),
        (1, 1, 1,),
        (50, 2, 7,),
        (0.2, 12, 9,),
        (300, 5, 200,),
        (1e-09, 2, 2,),
        (1.02, 400, 300,),
    ],
    "chiSquaredSurvival": [
        (18900, 20000,),
        (19500, 20000,),
        (20000, 20000,),
        (20300, 20000,),
        (20700, 20000,),
        (21500, 20000,),
        (23000, 20000,),
        (0.001, 1,),
        (3.84, 1,),
        (1000, 10,),
        (250, 100,),
    ],
    "noncentralTSurvival": [
        (1.9, 9, 0.5,),
        (2.3, 4, 3,),
        (-0.5, 20, 1,),
        (2.0, 50, 2.0,),
        (1.7, 400, 3.1,),
        (0, 12, 1.3,),
    ],
    "kolmogorovSurvival": [
        (0.3,),
        (0.5,),
        (0.9,),
        (1.0,),
        (1.36,),
        (2,),
        (4,),
        (8,),
    ],
}


def normal_survival(x):
    return mp.erfc(x / mp.sqrt(2)) / 2


def bisect(is_below, low, high):
    for _ in range(300):
        middle = (low + high) / 2
        low, high = (middle, high) if is_below(middle) else (low, middle)
    return low


def normal_quantile(p):
    return bisect(lambda x: normal_survival(-x) < p, mpf(-60), mpf(60))


def incomplete_gamma(a, x):
    # By numerical integration where the series would need too many digits.
    if a > 1000:
        centre, spread = a - 1, mp.sqrt(a)
        log_scale = centre * mp.log(centre) - centre
        density = lambda t: mp.exp((a - 1) * mp.log(t) - t - log_scale)
        points = sorted({max(mpf(0), centre + k * spread) for k in range(-30, 31)} | {x})
        lower = mp.quad(density, [p for p in points if p <= x])
        upper = mp.quad(density, [p for p in points if p >= x] + [max(points[-1], x) + 30 * spread])
        return lower / (lower + upper), upper / (lower + upper)
    return mp.gammainc(a, 0, x, regularized=True), mp.gammainc(a, x, mp.inf, regularized=True)


def incomplete_beta(a, b, x):
    if a + b > 1000:
        centre = (a - 1) / (a + b - 2)
        spread = mp.sqrt(centre * (1 - centre) / (a + b))
        log_scale = (a - 1) * mp.log(centre) + (b - 1) * mp.log(1 - centre)
        density = lambda t: mp.exp((a - 1) * mp.log(t) + (b - 1) * mp.log(1 - t) - log_scale)
        points = sorted({min(mpf(1), max(mpf(0), centre + k * spread)) for k in range(-30, 31)} | {x})
        lower = mp.quad(density, [p for p in points if p <= x])
        upper = mp.quad(density, [p for p in points if p >= x])
        return lower / (lower + upper), upper / (lower + upper)
    # The library may leave an imaginary part of 0.
    return tuple(mp.re(mp.betainc(a, b, low, high, regularized=True)) for low, high in ((0, x), (x, 1)))


def student_t_survival(t, df):
    if df > 1000 and t >= 0:
        log_scale = mp.loggamma((df + 1) / 2) - mp.loggamma(df / 2) - mp.log(df * mp.pi) / 2
        density = lambda u: mp.exp(log_scale - (df + 1) / 2 * mp.log1p(u * u / df))
        return mp.quad(density, [t + k for k in range(0, 61)])
    # One half of the incomplete beta function of df / (df + t^2).
    tail = incomplete_beta(df / 2, mpf(1) / 2, df / (df + t * t))[0] / 2
    return tail if t >= 0 else 1 - tail


def student_t_upper_quantile(q, df):
    if q > mpf("0.5"):
        return -student_t_upper_quantile(1 - q, df)
    high = mpf(1)
    while student_t_survival(high, df) > q:
        high *= 2
    return bisect(lambda t: student_t_survival(t, df) > q, mpf(0), high)


def binomial_probability(k, n, p):
    return mp.binomial(n, k) * p**k * (1 - p) ** (n - k)


def binomial_cdf(k, n, p):
    return mp.fsum(binomial_probability(mpf(i), n, p) for i in range(int(k) + 1))


def f_survival(x, df1, df2):
    return incomplete_beta(df2 / 2, df1 / 2, df2 / (df2 + df1 * x))[0]


def noncentral_t_survival(t, df, shift):
    # P(Z + shift > t sqrt(V / df)) integrated over the chi density of V.
    def integrand(u):
        log_density = mp.log(2) + (df - 1) * mp.log(u) - u * u / 2 - mp.log(2) * (df / 2) - mp.loggamma(df / 2)
        return normal_survival(t * u / mp.sqrt(df) - shift) * mp.exp(log_density)

    centre = mp.sqrt(df)
    points = sorted({max(mpf(0), centre + k) for k in range(-20, 21)})
    return mp.quad(integrand, points)


def kolmogorov_survival(x):
    return 2 * mp.fsum((-1) ** (k - 1) * mp.exp(-2 * k * k * x * x) for k in range(1, 400))


FUNCTIONS = {
    "logGamma": mp.loggamma,
    "erfc": mp.erfc,
    "normalSurvival": normal_survival,
    "normalQuantile": normal_quantile,
    "gamma": incomplete_gamma,
    "beta": incomplete_beta,
    "studentTSurvival": student_t_survival,
    "studentTUpperQuantile": student_t_upper_quantile,
    "binomialCdf": binomial_cdf,
    "binomialProbability": binomial_probability,
    "fSurvival": f_survival,
    "chiSquaredSurvival": lambda x, df: incomplete_gamma(df / 2, x / 2)[1],
    "noncentralTSurvival": noncentral_t_survival,
    "kolmogorovSurvival": kolmogorov_survival,
}


def row(name, arguments):
    values = FUNCTIONS[name](*(mpf(x) for x in arguments))
    return [*arguments, *(float(value) for value in (values if isinstance(values, tuple) else (values,)))]


source = (
    "mpmath 1.4 at 60 digits, rounded to the nearest double, by test/reference/generate_special_functions.py; "
    "rows are the arguments, then the value (for gamma and beta: lower and upper)"
)
document = {"source": source}
for name, rows in ARGUMENTS.items():
    document[name] = [row(name, arguments) for arguments in rows]
print("{")
for index, (name, value) in enumerate(document.items()):
    end = "" if index == len(document) - 1 else ","
    if isinstance(value, str):
        print(f"  {json.dumps(name)}: {json.dumps(value)}{end}")
        continue
    lines = ",\n".join(f"    {json.dumps(line)}" for line in value)
    print(f"  {json.dumps(name)}: [\n{lines}\n  ]{end}")
print("}")
