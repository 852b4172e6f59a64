using CnnService.Core.Common;

namespace CnnService.Core.Datasets.Layouts;

/// <summary>
/// What the sender of a data set says about its layout, as received in a form, a JSON body or on the command line. Null: not given.
/// </summary>
/// <param name="Layout"><c>auto</c> (default) or the name of a <see cref="LayoutKind"/>.</param>
/// <param name="NamePattern">Regular expression over the file name without its folders, with a group <c>label</c>.</param>
/// <param name="NameEncoding">Code page of names that the archive does not declare.</param>
/// <param name="MergeCase">Whether class names that differ in case only are one class; default true.</param>
public sealed record LayoutFields(string? Layout, string? NamePattern, string? NameEncoding, bool? MergeCase)
{
    public const string LayoutName = "layout";

    public const string NamePatternName = "namePattern";

    public const string NameEncodingName = "nameEncoding";

    public const string MergeCaseName = "mergeCase";

    private const string Auto = "auto";

    /// <summary>The import with these fields. Broken rules are added under the names of the fields.</summary>
    public DatasetImport ApplyTo(DatasetImport import, ValidationErrors errors)
    {
        ArgumentNullException.ThrowIfNull(import);
        ArgumentNullException.ThrowIfNull(errors);
        var kind = ReadKind(errors);
        if (NamePattern is not null && NameLayout.ParsePattern(NamePattern).Problem is { } broken)
        {
            errors.Add(NamePatternName, broken.Detail);
        }

        errors.Require(NamePattern is null || kind is null or LayoutKind.Names, NamePatternName,
            $"goes with {LayoutName}={LayoutKind.Names.ToWireName()}, received {LayoutName}={kind?.ToWireName()}");
        if (NameEncoding is not null && NameEncodings.Find(NameEncoding).Problem is not null)
        {
            errors.Add(NameEncodingName, NameEncodings.Rule(NameEncoding));
        }

        return import with
        {
            NameEncoding = NameEncoding,
            Layout = new() { Kind = kind, NamePattern = NamePattern, MergeCase = MergeCase ?? true },
        };
    }

    private LayoutKind? ReadKind(ValidationErrors errors)
    {
        var isAuto = Layout is null || Layout.Equals(Auto, StringComparison.OrdinalIgnoreCase);
        var kind = isAuto ? null : WireName.Find<LayoutKind>(Layout);
        errors.Require(isAuto || kind is not null, LayoutName,
            $"must be {Auto}, {WireName.Choice(Enum.GetValues<LayoutKind>())}, received \"{ReceivedText.Text(Layout ?? string.Empty)}\"");
        return kind;
    }
}
