using System.Globalization;
using CnnService.Studio.Parts.Rasters;
using Microsoft.AspNetCore.Components;

namespace CnnService.Studio.Pages.Tour.Figures;

/// <summary>A small grid of numbers, each readable.</summary>
public sealed partial class NumberGrid
{
    /// <summary>The numbers.</summary>
    [Parameter, EditorRequired]
    public NumberMap Map { get; set; } = new([], 1);

    /// <summary>Stands above it, with its size.</summary>
    [Parameter]
    public string? Title { get; set; }

    /// <summary>For those who cannot see it; default the title.</summary>
    [Parameter]
    public string? Label { get; set; }

    /// <summary>Classes of a cell: <c>window</c>, <c>now</c>, <c>padding</c>, <c>soft</c>.</summary>
    [Parameter]
    public Func<int, int, string?>? CellClass { get; set; }

    /// <summary>A small remark in the corner of a cell.</summary>
    [Parameter]
    public Func<int, int, string?>? CellNote { get; set; }

    /// <summary>Cells whose number is not told yet.</summary>
    [Parameter]
    public Func<int, int, bool>? IsHidden { get; set; }

    /// <summary>The step of numbers that can be changed.</summary>
    [Parameter]
    public string Step { get; set; } = "1";

    /// <summary>The pointer came to a cell.</summary>
    [Parameter]
    public EventCallback<(int Row, int Column)> CellEntered { get; set; }

    /// <summary>A cell was pressed.</summary>
    [Parameter]
    public EventCallback<(int Row, int Column)> CellChosen { get; set; }

    /// <summary>Makes the numbers changeable, and receives the grid with a change.</summary>
    [Parameter]
    public EventCallback<NumberMap> Changed { get; set; }

    /// <summary>Drawn over the grid: a frame.</summary>
    [Parameter]
    public RenderFragment? ChildContent { get; set; }

    private string Show(int row, int column) => Map[row, column].ToString("0.##", CultureInfo.InvariantCulture).Replace('-', '−');

    private Task ChangeAsync(int place, ChangeEventArgs change)
    {
        var values = Map.Values.ToArray();
        values[place] = float.TryParse(change.Value?.ToString(), CultureInfo.InvariantCulture, out var value) && float.IsFinite(value)
            ? Math.Clamp(value, -99, 99)
            : 0;
        return Changed.InvokeAsync(new(values, Map.Width));
    }
}
