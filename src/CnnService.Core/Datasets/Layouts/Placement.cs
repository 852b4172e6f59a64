using CnnService.Core.Common;

namespace CnnService.Core.Datasets.Layouts;

/// <summary>Split and class of an image, or why it has none.</summary>
/// <param name="Split">The split; <see cref="Split.Train"/> where the layout has no splits.</param>
/// <param name="Class">The class name in Unicode normalization form C; null where the image has no label.</param>
/// <param name="Refusal">Why the image is left out, as the end of the sentence "… was left out: "; null for a labelled image.</param>
public sealed record Placement(Split Split, string? Class, string? Refusal)
{
    public static Placement Labelled(Split split, string name) => new(split, name, null);

    /// <summary>An image with the label that a table or its own file gives it, left out where that is no class name.</summary>
    public static Placement Create(Split split, string? label)
    {
        var name = ClassNames.Normalize(label ?? string.Empty);
        return ResourceName.IsClass(name) ? Labelled(split, name)
            : LeftOut(name.Length == 0 ? "it has no label" : $"its label is no class name, which {ResourceName.ClassRule}");
    }

    public static Placement LeftOut(string reason) => new(Split.Train, null, reason);
}
