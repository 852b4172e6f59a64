"""Writes projection.json: principal components of small tables, by numpy's singular value decomposition.

Run with Debian's python3-numpy: python3 make_projection.py > projection.json
The tables are formulas of their place, so that they need not be stored: table(rows, columns) below.
"""
import json
import math

import numpy as np


def table(rows, columns):
    """Columns of different spread about different means, some of them alike."""
    def value(i, j):
        return 3 * j + (1 + j % 4) * (math.modf(abs(math.sin(12.9898 * (i + 1) + 78.233 * (j % 5))) * 4096)[0] - 0.5) + 0.1 * math.sin(i * (j + 1))

    return np.array([[value(i, j) for j in range(columns)] for i in range(rows)])


def components(rows, columns):
    centred = table(rows, columns)
    centred -= centred.mean(axis=0)
    left, singular, right = np.linalg.svd(centred, full_matrices=False)
    signs = np.array([np.sign(row[np.argmax(np.abs(row))]) for row in right])
    return {
        "rows": rows,
        "columns": columns,
        "explained": (singular ** 2 / (singular ** 2).sum()).tolist(),
        "coordinates": (left * singular * signs)[:, :4].tolist(),
    }


print(json.dumps([components(40, 7), components(9, 30), components(64, 64)]))
