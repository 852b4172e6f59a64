namespace CnnService.Core.Interpretation.ClassImages;

/// <summary>Images of classes: one alone, or a labelled sheet.</summary>
public sealed record ClassImageRequest
{
    /// <summary>Classes of a sheet at most.</summary>
    public const int MaxClasses = 64;

    /// <summary>A class by name or index, alone; null: a sheet.</summary>
    public string? Class { get; init; }

    /// <summary>First class of a sheet.</summary>
    public int Offset { get; init; }

    /// <summary>Classes of a sheet, 1 to 64; fewer where the classes end.</summary>
    public int Count { get; init; } = 8;

    /// <summary>How they are drawn.</summary>
    public PatternRequest Pattern { get; init; } = new();
}
