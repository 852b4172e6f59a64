using System.Globalization;
using CnnService.Studio.Parts.Rasters;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;

namespace CnnService.Studio.Pages.Look;

/// <summary>A feature map, each cell sharp; the pointer tells the number below it.</summary>
public sealed partial class MapTile
{
    private string? _address;

    private (NumberMap Map, float? Largest) _drawn;

    private (int Row, int Column)? _over;

    /// <summary>The map.</summary>
    [Parameter, EditorRequired]
    public NumberMap Map { get; set; } = new([0], 1);

    /// <summary>The value of the brightest colour; null: the map's own largest.</summary>
    [Parameter]
    public float? Largest { get; set; }

    /// <summary>Stands below it.</summary>
    [Parameter]
    public string? Caption { get; set; }

    /// <summary>For those who cannot see it.</summary>
    [Parameter, EditorRequired]
    public string Label { get; set; } = string.Empty;

    /// <summary>How wide it is shown at most, pixels; cells are enlarged by whole pixels.</summary>
    [Parameter]
    public int Side { get; set; } = 128;

    /// <summary>A cell that stays marked.</summary>
    [Parameter]
    public (int Row, int Column)? Marked { get; set; }

    /// <summary>The pointer is over a cell; null: it has left.</summary>
    [Parameter]
    public EventCallback<(int Row, int Column)?> CellEntered { get; set; }

    /// <summary>A cell was pressed.</summary>
    [Parameter]
    public EventCallback<(int Row, int Column)> CellChosen { get; set; }

    private int Width => Map.Width > Side ? Side : Side / Map.Width * Map.Width;

    private (int Row, int Column)? Shown => _over ?? Marked;

    private string Number => Shown is { } cell && cell.Row < Map.Height && cell.Column < Map.Width
        ? Map[cell.Row, cell.Column].ToString("0.###", CultureInfo.InvariantCulture)
        : Map.Max <= 0 ? "silent" : $"up to {Map.Max.ToString("0.##", CultureInfo.InvariantCulture)}";

    protected override void OnParametersSet()
    {
        if (_address is null || !ReferenceEquals(_drawn.Map, Map) || _drawn.Largest != Largest)
        {
            _drawn = (Map, Largest);
            _address = Map.ToAddress(Largest);
        }
    }

    private string Place((int Row, int Column) cell) => string.Create(
        CultureInfo.InvariantCulture,
        $"left:{100.0 * cell.Column / Map.Width}%;top:{100.0 * cell.Row / Map.Height}%;"
        + $"width:{100.0 / Map.Width}%;height:{100.0 / Map.Height}%");

    private (int Row, int Column) CellAt(MouseEventArgs pointer) => (
        Math.Clamp((int)(pointer.OffsetY * Map.Width / Width), 0, Map.Height - 1),
        Math.Clamp((int)(pointer.OffsetX * Map.Width / Width), 0, Map.Width - 1));

    private async Task Over(PointerEventArgs pointer)
    {
        var cell = CellAt(pointer);
        if (cell != _over)
        {
            _over = cell;
            await CellEntered.InvokeAsync(cell);
        }
    }

    private Task Leave()
    {
        _over = null;
        return CellEntered.InvokeAsync(null);
    }

    private Task Choose(MouseEventArgs pointer) => CellChosen.InvokeAsync(CellAt(pointer));
}
