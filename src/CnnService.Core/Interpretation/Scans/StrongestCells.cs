namespace CnnService.Core.Interpretation.Scans;

/// <summary>Keeps the cells with the largest activations. Not thread safe.</summary>
internal sealed class StrongestCells
{
    /// <summary>Most cells kept; more than are ever shown, since near duplicates are skipped.</summary>
    public const int Capacity = 48;

    private readonly PriorityQueue<ScannedCell, (float Value, int Image)> _cells = new();

    /// <summary>Strongest first; of equal cells the one added first.</summary>
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

/// <summary>An activation at one cell of a feature map.</summary>
/// <param name="Image">Index of the image in the split.</param>
/// <param name="Value">Activation of the filter.</param>
/// <param name="Y">Row in the feature map.</param>
/// <param name="X">Column in the feature map.</param>
public readonly record struct ScannedCell(int Image, float Value, int Y, int X);
