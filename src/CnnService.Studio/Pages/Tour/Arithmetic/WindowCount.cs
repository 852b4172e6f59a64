namespace CnnService.Studio.Pages.Tour.Arithmetic;

/// <summary>How many places a window takes along one side, which is the size of what comes out.</summary>
internal static class WindowCount
{
    /// <summary><c>(size - window + 2 padding) / stride + 1</c>, rounded down; 0 where the window does not fit at all.</summary>
    /// <param name="size">Of the input, cells.</param>
    /// <param name="window">Of the filter, cells.</param>
    /// <param name="stride">Steps from one place to the next, from 1.</param>
    /// <param name="padding">Zeros on each side.</param>
    public static int Of(int size, int window, int stride, int padding)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(stride, 1);
        var room = size - window + (2 * padding);
        return room < 0 ? 0 : (room / stride) + 1;
    }

    /// <summary>Cells at the far side that no window reaches, because the stride does not divide the room.</summary>
    public static int Unseen(int size, int window, int stride, int padding)
    {
        var room = size - window + (2 * padding);
        return room < 0 ? size : room % stride;
    }
}
