using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Datasets.Layouts;

namespace CnnService.Web.Features.Datasets;

/// <summary>A request to import a data set from an upload, from a folder on the server or from the generated sample.</summary>
internal sealed record DatasetRequest
{
    public const double DefaultFraction = 0.2;

    /// <summary>1 to 64 characters: lower case letters, digits, dots, dashes and underscores.</summary>
    public required string Name { get; init; }

    /// <summary>A folder below one of the configured import roots.</summary>
    public string? Path { get; init; }

    /// <summary><c>shapes</c>: 750 generated images of circles, squares and triangles; <c>shapes-few</c>: 30 to train on.</summary>
    public string? Sample { get; init; }

    /// <summary>The id of a complete upload of an archive: <c>POST /uploads</c>.</summary>
    public string? Upload { get; init; }

    /// <summary>Share of each class used for validation if the source defines no split, 0.05 to 0.5; default 0.2.</summary>
    public double? ValidationFraction { get; init; }

    /// <summary>
    /// Where the labels are read from: <c>auto</c> (default), <c>folders</c>, <c>names</c>, <c>table</c>, <c>labelStudio</c>,
    /// <c>coco</c>, <c>webDataset</c>, <c>parquet</c>, <c>cifar</c> or <c>idx</c>.
    /// </summary>
    public string? Layout { get; init; }

    /// <summary>
    /// Regular expression over the file name without its folders, with a group <c>label</c>; at most 200 characters, without look-arounds
    /// and back references. Implies the layout <c>names</c>.
    /// </summary>
    public string? NamePattern { get; init; }

    /// <summary>Code page of names that a zip archive does not declare as UTF-8, such as <c>cp866</c> or <c>shift_jis</c>.</summary>
    public string? NameEncoding { get; init; }

    /// <summary>Whether class names of two or more characters that differ in case only are one class; default true.</summary>
    public bool? MergeCase { get; init; }

    /// <summary>True: returns what would be imported, and imports nothing; default false.</summary>
    public bool? DryRun { get; init; }

    public static void CheckFraction(double fraction, ValidationErrors errors) => errors.Require(
        fraction is >= 0.05 and <= 0.5, "validationFraction", $"must be between 0.05 and 0.5, received {fraction}");

    /// <summary>The import to carry out. Symbolic links are resolved, and the result must lie under a configured root.</summary>
    public Outcome<DatasetOrder> ToOrder(ImportRootOptions roots)
    {
        var errors = new ValidationErrors();
        errors.Require(ResourceName.IsValid(Name), "name", $"{ResourceName.Rule}, received \"{Name}\"");
        errors.Require(new[] { Path, Sample, Upload }.Count(source => source is not null) == 1, "path",
            "give one of path, sample and upload (or send an archive as multipart/form-data)");
        errors.Require(Sample is null || SampleNames.All.Contains(Sample), "sample",
            $"must be \"{string.Join("\" or \"", SampleNames.All)}\", received \"{Sample}\"");
        CheckFraction(ValidationFraction ?? DefaultFraction, errors);
        var import = new LayoutFields(Layout, NamePattern, NameEncoding, MergeCase).ApplyTo(
            new()
            {
                Name = Name,
                Origin = Upload is not null ? DatasetOrigin.Archive : Sample is null ? DatasetOrigin.Folder : DatasetOrigin.Sample,
                Source = Sample ?? string.Empty,
                Folder = string.Empty,
                ValidationFraction = ValidationFraction ?? DefaultFraction,
            }, errors);
        return errors.ToOutcome(import)
            .Bind(whole => Path is null ? whole : roots.Resolve(Path).Map(folder => whole with { Source = folder }))
            .Map(whole => new DatasetOrder(whole, DryRun ?? false, Upload));
    }
}
