using System.Globalization;
using CnnService.Core.Common;

namespace CnnService.Core.Datasets;

/// <summary>A data set as requests name it: <c>pets</c> is its newest revision, <c>pets:3</c> its third.</summary>
/// <param name="Name">The data set's name.</param>
/// <param name="Revision">From 1; null: the newest.</param>
public readonly record struct DatasetReference(string Name, int? Revision)
{
    public const string Rule = ResourceName.Rule + ", optionally with :revision";

    private const char Separator = ':';

    /// <summary>Null for text that names no data set.</summary>
    public static DatasetReference? Parse(string? text)
    {
        var parts = text?.Split(Separator);
        return parts switch
        {
            [var name] when ResourceName.IsValid(name) => new(name, null),
            [var name, var number] when ResourceName.IsValid(name)
                && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var revision) && revision > 0
                => new(name, revision),
            _ => null,
        };
    }

    /// <summary>In the form that it is parsed from.</summary>
    public override string ToString() =>
        Revision is { } revision ? string.Create(CultureInfo.InvariantCulture, $"{Name}{Separator}{revision}") : Name;
}
