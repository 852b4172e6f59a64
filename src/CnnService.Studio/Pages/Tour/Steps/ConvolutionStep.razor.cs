using System.Globalization;
using CnnService.Studio.Pages.Tour.Arithmetic;
using CnnService.Studio.Parts.Rasters;
using Microsoft.AspNetCore.Components.Web;

namespace CnnService.Studio.Pages.Tour.Steps;

/// <summary>The article's 5x5 grid and 3x3 filter; the reader moves the window.</summary>
public sealed partial class ConvolutionStep
{
    private static readonly (string Name, float[] Values)[] Filters =
    [
        ("Cross", ArticleExamples.Filter.Values),
        ("Vertical edges", [1, 0, -1, 1, 0, -1, 1, 0, -1]),
        ("Horizontal edges", [1, 1, 1, 0, 0, 0, -1, -1, -1]),
    ];

    private readonly HashSet<(int Row, int Column)> _seen = [(0, 0)];

    private NumberMap _filter = ArticleExamples.Filter;

    private int _row;

    private int _column;

    private NumberMap Result => Convolution.Slide(ArticleExamples.Input, _filter);

    private NumberMap Products => Convolution.Products(ArticleExamples.Input, _filter, _row, _column);

    private static string Show(float value) => value.ToString("0.##", CultureInfo.InvariantCulture).Replace('-', '−');

    private float Input(int place) => ArticleExamples.Input[_row + (place / _filter.Width), _column + (place % _filter.Width)];

    private bool IsInWindow(int row, int column) =>
        row >= _row && row < _row + _filter.Height && column >= _column && column < _column + _filter.Width;

    private string? InputClass(int row, int column) => IsInWindow(row, column) ? "window" : null;

    private string? Weight(int row, int column) =>
        IsInWindow(row, column) ? $"×{Show(_filter[row - _row, column - _column])}" : null;

    private string? ResultClass(int row, int column) => (row, column) == (_row, _column) ? "now" : null;

    private void Use(NumberMap filter) => _filter = filter;

    /// <summary>The window whose middle is the cell, as far as there is one.</summary>
    private void Over((int Row, int Column) cell) => GoTo((cell.Row - 1, cell.Column - 1));

    private void GoTo((int Row, int Column) place)
    {
        _row = Math.Clamp(place.Row, 0, Result.Height - 1);
        _column = Math.Clamp(place.Column, 0, Result.Width - 1);
        _seen.Add((_row, _column));
    }

    private void Next()
    {
        var next = ((_row * Result.Width) + _column + 1) % Result.Values.Length;
        GoTo((next / Result.Width, next % Result.Width));
    }

    private void ShowAll() => _seen.UnionWith(
        Enumerable.Range(0, Result.Values.Length).Select(place => (place / Result.Width, place % Result.Width)));

    private void Move(KeyboardEventArgs key)
    {
        (int Row, int Column)? step = key.Key switch
        {
            "ArrowUp" => (-1, 0),
            "ArrowDown" => (1, 0),
            "ArrowLeft" => (0, -1),
            "ArrowRight" => (0, 1),
            _ => null,
        };
        if (step is { } by)
        {
            GoTo((_row + by.Row, _column + by.Column));
        }
    }
}
