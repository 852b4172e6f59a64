namespace CnnService.Core.Datasets;

/// <summary>What the sender of a data set says about its layout.</summary>
public sealed record LayoutHints
{
    /// <summary>Maximum length of <see cref="NamePattern"/>, UTF-16 code units.</summary>
    public const int MaxPatternLength = 200;

    /// <summary>The layout; null to detect it.</summary>
    public LayoutKind? Kind { get; init; }

    /// <summary>
    /// Regular expression over the file name without its folders, with a group <c>label</c>; implies <see cref="LayoutKind.Names"/>. Null
    /// for the usual forms.
    /// </summary>
    public string? NamePattern { get; init; }

    /// <summary>Whether class names of two or more characters that differ in case only are one class; default true.</summary>
    public bool MergeCase { get; init; } = true;
}
