"""What a notebook on pandas, statsmodels and pykalman does at one refresh; times only the work.

usage: refresh.py INPUT.json DATABASE
"""

import json
import os
import sqlite3
import sys
import time

# the matrices are tiny: more threads only wait for each other
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy
import pandas
import statsmodels
import statsmodels.api as sm
from scipy import linalg
from statsmodels.regression.rolling import RollingOLS
from statsmodels.tsa.stattools import adfuller

given = json.load(open(sys.argv[1]))
window, r, q = given["window"], given["observationVariance"], given["variance"]


def read():
    connection = sqlite3.connect(sys.argv[2])
    closes = [
        pandas.read_sql_query(
            "SELECT open_time_ms, close FROM v_bars WHERE symbol = ? ORDER BY open_time_ms",
            connection, params=(symbol,), index_col="open_time_ms")["close"]
        for symbol in ("YUSDT", "XUSDT")
    ]
    connection.close()
    return pandas.concat(closes, axis=1, keys=["y", "x"])


logs = numpy.log(read())
y, x = logs["y"].to_numpy(), logs["x"].to_numpy()
ys, xs = y.tolist(), x.tolist()


def least_squares():
    return sm.OLS(y, sm.add_constant(x)).fit()


residuals = least_squares().resid
spread = pandas.Series(residuals)
returns = pandas.DataFrame({"y": y, "x": x}).diff()


def z_score():
    rolling = spread.rolling(window)
    return ((spread - rolling.mean()) / rolling.std()).iloc[-1]


def correlation():
    return returns["y"].rolling(window).corr(returns["x"]).iloc[-1]


def rolling_ols():
    return RollingOLS(y, sm.add_constant(x), window).fit().params[-1, 1]


def dickey_fuller():
    return adfuller(residuals, autolag="AIC")[0]


def loop_kalman():
    """The filter of a line written out in floats: no library does this, it is the fastest Python."""
    b = a = 0.0
    p, c, s = 1.0, 0.0, 1.0
    for t, (yt, xt) in enumerate(zip(ys, xs)):
        if t > 0:
            p += q
            s += q
        hb, ha = p * xt + c, c * xt + s
        v = hb * xt + ha + r
        e = yt - b * xt - a
        kb, ka = hb / v, ha / v
        b += kb * e
        a += ka * e
        p, c, s = p - kb * hb, c - kb * ha, s - ka * ha
    return b


def at(array, t, dimensions):
    """The entry of a parameter that may or may not change with time."""
    array = numpy.asarray(array)
    return array[t] if array.ndim == dimensions + 1 else array


def matrix_kalman():
    """Stands in for pykalman where it is not installed.

    The general recursion for any number of states and observations, in numpy, step by step: masked
    observations, parameters looked up per step, matrix products for prediction and correction, a
    pseudo-inverse of the innovation covariance, all means, covariances and gains kept. These are
    the operations per step of pykalman 0.9 `filter`, written anew; it has none of its argument
    handling around them.
    """
    n, states = len(y), 2
    observations = numpy.ma.atleast_2d(numpy.ma.asarray(y)).T
    transition, transition_offset = numpy.eye(states), numpy.zeros(states)
    transition_noise, observation_noise = q * numpy.eye(states), numpy.array([[r]])
    matrices = numpy.stack([x, numpy.ones_like(x)], 1)[:, None, :]
    observation_offset = numpy.zeros(1)
    predicted, means = numpy.zeros((n, states)), numpy.zeros((n, states))
    uncertain = numpy.zeros((n, states, states))
    covariances = numpy.zeros((n, states, states))
    gains = numpy.zeros((n, states, 1))
    for t in range(n):
        if t == 0:
            predicted[t], uncertain[t] = numpy.zeros(states), numpy.eye(states)
        else:
            f, w = at(transition, t - 1, 2), at(transition_noise, t - 1, 2)
            predicted[t] = numpy.dot(f, means[t - 1]) + at(transition_offset, t - 1, 1)
            uncertain[t] = numpy.dot(f, numpy.dot(covariances[t - 1], f.T)) + w
        h, v = at(matrices, t, 2), at(observation_noise, t, 2)
        if numpy.any(numpy.ma.getmask(observations[t])):
            means[t], covariances[t] = predicted[t], uncertain[t]
            continue
        expected = numpy.dot(h, predicted[t]) + at(observation_offset, t, 1)
        innovation = numpy.dot(h, numpy.dot(uncertain[t], h.T)) + v
        gains[t] = numpy.dot(uncertain[t], numpy.dot(h.T, linalg.pinv(innovation)))
        means[t] = predicted[t] + numpy.dot(gains[t], observations[t] - expected)
        covariances[t] = uncertain[t] - numpy.dot(gains[t], numpy.dot(h, uncertain[t]))
    return means[-1, 0]


try:
    import pykalman

    def library_kalman():
        matrices = numpy.stack([x, numpy.ones_like(x)], 1)[:, None, :]
        model = pykalman.KalmanFilter(
            transition_matrices=numpy.eye(2), observation_matrices=matrices,
            transition_covariance=q * numpy.eye(2), observation_covariance=r,
            initial_state_mean=numpy.zeros(2), initial_state_covariance=numpy.eye(2))
        return model.filter(y)[0][-1, 0]

    kalman, name = library_kalman, "pykalman " + pykalman.__version__
except ImportError:
    kalman = matrix_kalman
    name = "a stand-in in numpy with the matrix work of pykalman, which is not installed"


def measure(work, runs):
    value, times = work(), []
    for _ in range(runs):
        start = time.perf_counter()
        work()
        times.append((time.perf_counter() - start) * 1000)
    return {"ms": sorted(times)[len(times) // 2], "value": float(value)}


work = {
    "read": measure(lambda: read()["y"].iloc[-1], 15),
    "least squares": measure(lambda: least_squares().params[1], 15),
    "rolling z-score": measure(z_score, 15),
    "rolling correlation": measure(correlation, 15),
    "ADF, lags by AIC": measure(dickey_fuller, 5),
    "Kalman filter": measure(kalman, 3),
    "Kalman filter as a loop over floats": measure(loop_kalman, 5),
    "rolling least squares": measure(rolling_ols, 3),
}
versions = ", ".join([
    f"Python {sys.version.split()[0]}", f"numpy {numpy.__version__}",
    f"pandas {pandas.__version__}", f"statsmodels {statsmodels.__version__}"])
print("REPORT" + json.dumps({"versions": versions, "kalman": name, "work": work}))
