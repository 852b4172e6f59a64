namespace CnnService.Studio.Pages.Tour.Arithmetic;

/// <summary>Which cells a cell sees: its receptive field through a stack of layers.</summary>
internal static class SeenCells
{
    /// <summary>The side of the receptive field of a cell behind layers with the same window and stride 1.</summary>
    /// <param name="layers">How many.</param>
    /// <param name="window">Side of their filters.</param>
    public static int Side(int layers, int window) => (layers * (window - 1)) + 1;

    /// <summary>The cells, first and last along one side, that a cell sees some layers below it, without padding.</summary>
    /// <param name="cell">The cell's place along that side.</param>
    /// <param name="layers">How many layers lie between.</param>
    /// <param name="window">Side of their filters.</param>
    public static (int First, int Last) Below(int cell, int layers, int window) => (cell, cell + (layers * (window - 1)));

    /// <summary>Weights of a stack of filters, and of the one filter that sees as far; one channel, no bias.</summary>
    public static (int Stack, int One) Weights(int layers, int window)
    {
        var side = Side(layers, window);
        return (layers * window * window, side * side);
    }
}
