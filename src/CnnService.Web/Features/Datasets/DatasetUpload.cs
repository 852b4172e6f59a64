using System.Globalization;
using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Web.Artifacts;

namespace CnnService.Web.Features.Datasets;

/// <summary>Streams an uploaded archive to disk without buffering it in memory.</summary>
internal sealed class DatasetUpload(DataFolders folders)
{
    private const int MaxFieldBytes = 1024;

    /// <summary>The import described by the form, with the archive stored on disk; on a problem no file is left there.</summary>
    public async Task<Outcome<DatasetImport>> ReadAsync(HttpRequest request, CancellationToken cancel)
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

    private static Outcome<DatasetImport> Check(IReadOnlyDictionary<string, string> fields, bool hasFile, string archive)
    {
        var errors = new ValidationErrors();
        var name = fields.GetValueOrDefault("name", string.Empty);
        var fraction = DatasetRequest.DefaultFraction;
        errors.Require(hasFile, "file", "must be given: a zip, tar or tar.gz archive");
        errors.Require(ResourceName.IsValid(name), "name", $"{ResourceName.Rule}, received \"{name}\"");
        if (fields.TryGetValue("validationFraction", out var text)
            && !double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out fraction))
        {
            fraction = double.NaN;
        }

        DatasetRequest.CheckFraction(fraction, errors);
        foreach (var unknown in fields.Keys.Where(field => field is not ("name" or "validationFraction")))
        {
            errors.Add(unknown, "is not a field here; the fields are name, file, validationFraction");
        }

        return errors.Any
            ? Problem.Validation(errors)
            : new DatasetImport
            {
                Name = name,
                Origin = DatasetOrigin.Archive,
                Source = archive,
                Folder = string.Empty,
                ValidationFraction = fraction,
            };
    }
}
