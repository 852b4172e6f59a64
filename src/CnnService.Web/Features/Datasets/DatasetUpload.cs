using System.Globalization;
using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Web.Hosting;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace CnnService.Web.Features.Datasets;

/// <summary>Streams an uploaded archive to disk, part by part; nothing of it is held in memory.</summary>
internal sealed class DatasetUpload(DataFolders folders)
{
    private const int MostFieldBytes = 1024;
    private const int MostHeaders = 16;

    /// <summary>The import that the form asks for, its archive on disk; on a problem nothing is left there.</summary>
    public async Task<Outcome<DatasetImport>> ReadAsync(HttpRequest request, CancellationToken cancel)
    {
        if (request.ContentLength is { } length && folders.FreeBytes < (2 * length) + DiskRules.Reserve)
        {
            return new Problem(ProblemKind.StorageFull, "storage.full", $"The archive of {length} bytes needs twice that on disk, free are {folders.FreeBytes}.");
        }

        var archive = Path.Combine(folders.Uploads, Guid.NewGuid().ToString("N"));
        var outcome = await ReadFormAsync(request, archive, cancel).ConfigureAwait(false);
        if (!outcome.Succeeded)
        {
            File.Delete(archive);
        }

        return outcome;
    }

    private static async Task<Outcome<DatasetImport>> ReadFormAsync(HttpRequest request, string archive, CancellationToken cancel)
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type) || HeaderUtilities.RemoveQuotes(type.Boundary).Value is not { Length: > 0 } boundary)
        {
            return Problem.Invalid("request.malformed", "The multipart body names no boundary.");
        }

        var reader = new MultipartReader(boundary, request.Body) { HeadersCountLimit = MostHeaders };
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        var hasFile = false;
        try
        {
            while (await reader.ReadNextSectionAsync(cancel).ConfigureAwait(false) is { } section)
            {
                var part = ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out var disposition) ? HeaderUtilities.RemoveQuotes(disposition.Name).Value : null;
                if (part == "file" && !hasFile)
                {
                    hasFile = true;
                    await SaveAsync(section.Body, archive, cancel).ConfigureAwait(false);
                }
                else
                {
                    fields[part ?? string.Empty] = await ReadFieldAsync(section.Body, cancel).ConfigureAwait(false);
                }
            }
        }
        catch (Exception cut) when (cut is IOException or InvalidDataException && cut is not BadHttpRequestException && !((cut as IOException)?.IsDiskFull() ?? false))
        {
            File.Delete(archive);
            return Problem.Invalid("request.malformed", $"The multipart body breaks off or is malformed: {cut.Message}");
        }
        catch
        {
            File.Delete(archive);
            throw;
        }

        return Check(fields, hasFile, archive);
    }

    private static Outcome<DatasetImport> Check(Dictionary<string, string> fields, bool hasFile, string archive)
    {
        var errors = new ValidationErrors();
        var name = fields.GetValueOrDefault("name", string.Empty);
        var fraction = DatasetRequest.DefaultFraction;
        errors.Require(hasFile, "file", "must be given: a zip, tar or tar.gz archive");
        errors.Require(ResourceName.IsValid(name), "name", $"{ResourceName.Rule}, received \"{name}\"");
        if (fields.TryGetValue("validationFraction", out var text) && !double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out fraction))
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
            : new DatasetImport { Name = name, Origin = DatasetOrigin.Archive, Source = archive, Folder = string.Empty, ValidationFraction = fraction };
    }

    private static async Task SaveAsync(Stream body, string archive, CancellationToken cancel)
    {
        var file = new FileStream(archive, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 17, useAsync: true);
        await using (file.ConfigureAwait(false))
        {
            await body.CopyToAsync(file, cancel).ConfigureAwait(false);
            file.Flush(flushToDisk: true);
        }
    }

    private static async Task<string> ReadFieldAsync(Stream body, CancellationToken cancel)
    {
        var buffer = new byte[MostFieldBytes + 1];
        var read = await body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancel).ConfigureAwait(false);
        return read > MostFieldBytes
            ? throw new InvalidDataException($"a field may have {MostFieldBytes} bytes")
            : System.Text.Encoding.UTF8.GetString(buffer, 0, read);
    }
}
