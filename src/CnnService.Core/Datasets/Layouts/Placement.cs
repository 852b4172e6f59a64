using CnnService.Core.Common;

namespace CnnService.Core.Datasets.Layouts;

/// <summary>Split and class of an image, or why it has none.</summary>
/// <param name="Split">The split; <see cref="Split.Train"/> where the layout has no splits.</param>
/// <param name="Class">
/// The class name in Unicode normalization form C; null for an image that is left out, and for one of a layout of several labels an image.
/// </param>
/// <param name="Refusal">Why the image is left out, as the end of the sentence "… was left out: "; null for a labelled image.</param>
public sealed record Placement(Split Split, string? Class, string? Refusal)
{
    private const string NoClassName = $"its label is no class name, which {ResourceName.ClassRule}";

    /// <summary>The class names of an image of a layout of several labels an image, maybe none; else null.</summary>
    public IReadOnlyList<string>? Several { get; init; }

    /// <summary>Whether the image is taken.</summary>
    public bool IsTaken => Refusal is null;

    /// <summary>Its class, or its classes; none for an image that is left out.</summary>
    public IReadOnlyList<string> Names => Several ?? (Class is null ? [] : [Class]);

    /// <summary>The same in a layout of several labels an image.</summary>
    internal Placement AsSeveral() => IsTaken ? this with { Class = null, Several = Names } : this;

    /// <summary>The same with other names for its classes.</summary>
    internal Placement Rename(Func<string, string> name) => this with
    {
        Class = Class is null ? null : name(Class),
        Several = Several is null ? null : [.. Several.Select(name).Distinct(StringComparer.Ordinal)],
    };

    public static Placement Labelled(Split split, string name) => new(split, name, null);

    /// <summary>An image with the label that a table or its own file gives it, left out where that is no class name.</summary>
    public static Placement Create(Split split, string? label)
    {
        var name = ClassNames.Normalize(label ?? string.Empty);
        return ResourceName.IsClass(name) ? Labelled(split, name)
            : LeftOut(name.Length == 0 ? "it has no label" : NoClassName);
    }

    /// <summary>An image with any number of labels; left out where one is no class name.</summary>
    public static Placement CreateSeveral(Split split, IEnumerable<string> labels)
    {
        string[] names = [.. labels.Select(ClassNames.Normalize).Distinct(StringComparer.Ordinal)];
        return Array.TrueForAll(names, ResourceName.IsClass) ? new(split, null, null) { Several = names } : LeftOut(NoClassName);
    }

    public static Placement LeftOut(string reason) => new(Split.Train, null, reason);
}
