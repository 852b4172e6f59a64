using CnnService.Core.Common;
using CnnService.Core.Datasets;

namespace CnnService.Web.Features.Datasets;

/// <summary>A request to import a data set from a folder on the server or from the generated sample.</summary>
internal sealed record DatasetRequest
{
    public const double DefaultFraction = 0.2;

    public const string SampleName = "shapes";

    /// <summary>1 to 64 characters: lower case letters, digits, dots, dashes and underscores.</summary>
    public required string Name { get; init; }

    /// <summary>A folder below one of the configured import roots.</summary>
    public string? Path { get; init; }

    /// <summary><c>shapes</c>: 750 generated images of circles, squares and triangles.</summary>
    public string? Sample { get; init; }

    /// <summary>Share of each class used for validation if the source defines no split, 0.05 to 0.5; default 0.2.</summary>
    public double? ValidationFraction { get; init; }

    public static void CheckFraction(double fraction, ValidationErrors errors) => errors.Require(
        fraction is >= 0.05 and <= 0.5, "validationFraction", $"must be between 0.05 and 0.5, received {fraction}");

    /// <summary>The import to carry out. Symbolic links are resolved, and the result must lie under a configured root.</summary>
    public Outcome<DatasetImport> ToImport(ImportRootOptions roots)
    {
        var errors = new ValidationErrors();
        errors.Require(ResourceName.IsValid(Name), "name", $"{ResourceName.Rule}, received \"{Name}\"");
        errors.Require(Path is null != (Sample is null), "path",
            "give either path or sample (or upload an archive as multipart/form-data)");
        errors.Require(Sample is null or SampleName, "sample", $"must be \"{SampleName}\", received \"{Sample}\"");
        CheckFraction(ValidationFraction ?? DefaultFraction, errors);
        if (errors.Any)
        {
            return Problem.Validation(errors);
        }

        var import = new DatasetImport
        {
            Name = Name,
            Origin = Sample is null ? DatasetOrigin.Folder : DatasetOrigin.Sample,
            Source = string.Empty,
            Folder = string.Empty,
            ValidationFraction = ValidationFraction ?? DefaultFraction,
        };
        return Path is null ? import : roots.Resolve(Path).Bind<DatasetImport>(folder => import with { Source = folder });
    }
}
