using System.Globalization;
using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Datasets.Layouts;
using CnnService.Web.Artifacts;

namespace CnnService.Web.Features.Datasets;

/// <summary>Streams an uploaded archive to disk without buffering it in memory.</summary>
internal sealed class DatasetUpload(DataFolders folders)
{
    private const int MaxFieldBytes = 1024;
    private const string DryRun = "dryRun";

    private static readonly string[] Fields =
    [
        "name", "validationFraction", LayoutFields.LayoutName, LayoutFields.NamePatternName, LayoutFields.NameEncodingName,
        LayoutFields.MergeCaseName, DryRun,
    ];

    /// <summary>The import described by the form, with the archive stored on disk; on a problem no file is left there.</summary>
    public async Task<Outcome<DatasetOrder>> ReadAsync(HttpRequest request, CancellationToken cancel)
    {
        // Space for the archive and for the imported images.
        if (DiskSpaceCheck.Check(folders, 2 * (request.ContentLength ?? 0)) is { } full)
        {
            return full;
        }

        var archive = Path.Combine(folders.Uploads, Guid.NewGuid().ToString("N"));
        var form = await UploadedForm.ReadAsync(request, archive, MaxFieldBytes, cancel);
        var outcome = form.Bind(read => Check(read.Fields, read.HasFile, archive));
        if (!outcome.Succeeded)
        {
            File.Delete(archive);
        }

        return outcome;
    }

    private static Outcome<DatasetOrder> Check(IReadOnlyDictionary<string, string> fields, bool hasFile, string archive)
    {
        var errors = new ValidationErrors();
        var name = fields.GetValueOrDefault("name", string.Empty);
        var fraction = DatasetRequest.DefaultFraction;
        errors.Require(hasFile, "file", "must be given: a zip, a tar (as it is, gz, xz, bz2 or zst) or a Parquet file");
        errors.Require(ResourceName.IsValid(name), "name", $"{ResourceName.Rule}, received \"{name}\"");
        if (fields.TryGetValue("validationFraction", out var text)
            && !double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out fraction))
        {
            fraction = double.NaN;
        }

        DatasetRequest.CheckFraction(fraction, errors);
        foreach (var unknown in fields.Keys.Except(Fields))
        {
            errors.Add(ReceivedText.Text(unknown), UnknownField.Message(unknown, ["file", .. Fields]));
        }

        var import = Layout(fields, errors).ApplyTo(
            new() { Name = name, Origin = DatasetOrigin.Archive, Source = archive, Folder = string.Empty, ValidationFraction = fraction },
            errors);
        var isDryRun = Flag(fields, DryRun, errors);
        return errors.ToOutcome(import).Map(whole => new DatasetOrder(whole, isDryRun ?? false));
    }

    private static LayoutFields Layout(IReadOnlyDictionary<string, string> fields, ValidationErrors errors) => new(
        fields.GetValueOrDefault(LayoutFields.LayoutName), fields.GetValueOrDefault(LayoutFields.NamePatternName),
        fields.GetValueOrDefault(LayoutFields.NameEncodingName), Flag(fields, LayoutFields.MergeCaseName, errors));

    private static bool? Flag(IReadOnlyDictionary<string, string> fields, string name, ValidationErrors errors)
    {
        var text = fields.GetValueOrDefault(name);
        return errors.Require(text is null || bool.TryParse(text, out _), name,
            $"must be true or false, received \"{ReceivedText.Text(text ?? string.Empty)}\"") && text is not null ? bool.Parse(text) : null;
    }
}
