namespace CnnService.Core.Drawing.Figures;

/// <summary>A figure as data: what is to be seen, before anything is measured. Immutable.</summary>
public sealed record Figure
{
    /// <summary>One line: the one thing to be seen. Wrapped where it is longer than the figure is wide.</summary>
    public required string Title { get; init; }

    /// <summary>What it was made from; empty for none.</summary>
    public string Subtitle { get; init; } = string.Empty;

    /// <summary>How it is to be read, below it.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>What is to be seen, for those who do not see it: one or two sentences with the figures.</summary>
    public required string Description { get; init; }

    /// <summary>The classes, in label order: a name that the typeface cannot write is shown as "class 3".</summary>
    public IReadOnlyList<string> Names { get; init; } = [];

    /// <summary>True for an image alone, without title, margin and paper.</summary>
    public bool IsBare { get; init; }

    /// <summary>What is between title and notes.</summary>
    internal Block Content { get; init; } = new Words(string.Empty, Typography.Body);
}
