namespace CnnService.Core.Training.Fitting;

/// <summary>Features of images with their labels.</summary>
/// <param name="Values">Row by row, <c>[rows, Width]</c>.</param>
/// <param name="Width">Features of a row.</param>
/// <param name="Labels">The label of each row.</param>
internal sealed record FeatureTable(float[] Values, int Width, int[] Labels)
{
    /// <summary>The classes of each label, where a row has any number of them; else null.</summary>
    public IReadOnlyList<IReadOnlyList<int>>? Sets { get; init; }

    public int Count => Labels.Length;

    public ReadOnlySpan<float> Row(int index) => Values.AsSpan(index * Width, Width);

    /// <summary>The rows of these indices, in this order.</summary>
    public FeatureTable Select(IReadOnlyList<int> rows)
    {
        var values = new float[rows.Count * Width];
        for (var i = 0; i < rows.Count; i++)
        {
            Row(rows[i]).CopyTo(values.AsSpan(i * Width));
        }

        return new(values, Width, [.. rows.Select(row => Labels[row])]) { Sets = Sets };
    }
}
