using CnnService.Studio.Parts.Rasters;

namespace CnnService.Studio.Pages.Tour.Arithmetic;

/// <summary>The arithmetic of the end of a network: flatten, a dense layer, softmax.</summary>
internal static class Decision
{
    /// <summary>All maps written one after the other, row by row: a vector.</summary>
    public static IReadOnlyList<float> Flatten(IReadOnlyList<NumberMap> maps)
    {
        ArgumentNullException.ThrowIfNull(maps);
        return [.. maps.SelectMany(map => map.Values)];
    }

    /// <summary>Each class's score: its weights times the vector, and its bias.</summary>
    public static IReadOnlyList<float> Scores(
        IReadOnlyList<float> vector, IReadOnlyList<IReadOnlyList<float>> weights, IReadOnlyList<float> biases)
    {
        ArgumentNullException.ThrowIfNull(vector);
        ArgumentNullException.ThrowIfNull(weights);
        return [.. weights.Select((row, index) => row.Zip(vector, (weight, value) => weight * value).Sum() + biases[index])];
    }

    /// <summary>The scores as shares of 1: <c>exp(score) / sum of exp(scores)</c>.</summary>
    public static IReadOnlyList<double> Softmax(IReadOnlyList<float> scores)
    {
        ArgumentNullException.ThrowIfNull(scores);
        var largest = scores.Max(); // Taken off, so that no exponential is beyond the numbers.
        var parts = scores.Select(score => Math.Exp(score - largest)).ToList();
        var sum = parts.Sum();
        return [.. parts.Select(part => part / sum)];
    }
}
