namespace CnnService.Core.Datasets;

/// <summary>The data sets that the service draws itself, as requests name them.</summary>
public static class SampleNames
{
    /// <summary>Circles, squares and triangles: 200 images of each to train on, 50 to validate.</summary>
    public const string Shapes = "shapes";

    /// <summary>The same with so few images to train on that a network learns them by heart: overfitting, to be seen and cured.</summary>
    public const string ShapesFew = "shapes-few";

    public static IReadOnlyList<string> All { get; } = [Shapes, ShapesFew];
}
