namespace CnnService.Core.Interpretation;

/// <summary>The strongest cells seen so far.</summary>
internal sealed class StrongestCells
{
    /// <summary>More than are ever shown, since images that are nearly the same are left out.</summary>
    public const int Capacity = 48;

    private readonly PriorityQueue<ScannedCell, (float Value, int Image)> _cells = new();

    /// <summary>The strongest first; of equals the one that came first.</summary>
    public IReadOnlyList<ScannedCell> Sorted =>
        [.. _cells.UnorderedItems.Select(item => item.Element).OrderByDescending(cell => cell.Value).ThenBy(cell => cell.Image)];

    public void Add(ScannedCell cell)
    {
        var order = (cell.Value, -cell.Image);
        if (_cells.Count < Capacity)
        {
            _cells.Enqueue(cell, order);
        }
        else
        {
            _cells.EnqueueDequeue(cell, order);
        }
    }
}

/// <summary>A cell of a map.</summary>
/// <param name="Image">Its place in the split.</param>
/// <param name="Value">What the filter answered there.</param>
/// <param name="Y">Row of the map.</param>
/// <param name="X">Column of the map.</param>
public readonly record struct ScannedCell(int Image, float Value, int Y, int X);
