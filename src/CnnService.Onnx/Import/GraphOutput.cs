namespace CnnService.Onnx.Import;

/// <summary>An output of a file, as a trial showed it.</summary>
/// <param name="Name">Its name in the graph.</param>
/// <param name="Shape">Its dimensions for one image, without the batch.</param>
/// <param name="HasBatch">Whether its first dimension is the batch; else it has none.</param>
/// <param name="IsFloat">Whether its values are float32; integers and others are converted.</param>
/// <param name="Values">Its values for each trial image; null for types that are no numbers.</param>
internal sealed record GraphOutput(string Name, long[] Shape, bool HasBatch, bool IsFloat, float[][]? Values)
{
    /// <summary>Number of values for one image.</summary>
    public long Elements => Shapes.Count(Shape);

    /// <summary>Whether it is one list of values, in whatever dimensions: <c>[K]</c>, <c>[K,1,1]</c>.</summary>
    public bool IsVector => Elements > 0 && Shape.Count(size => size > 1) <= 1;
}
