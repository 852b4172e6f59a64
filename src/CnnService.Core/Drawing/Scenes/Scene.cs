namespace CnnService.Core.Drawing.Scenes;

/// <summary>A figure laid out: what every output draws.</summary>
/// <param name="Width">In pixels at scale 1, whole.</param>
/// <param name="Height">In pixels at scale 1, whole.</param>
/// <param name="Shapes">In the order in which they are drawn.</param>
/// <param name="Title">One line, for those who do not see it.</param>
/// <param name="Description">What is to be seen, in words.</param>
/// <param name="Replaced">Names that the typeface cannot write, by what stands for them.</param>
public sealed record Scene(
    int Width, int Height, IReadOnlyList<Shape> Shapes, string Title, string Description, IReadOnlyDictionary<string, string> Replaced);
