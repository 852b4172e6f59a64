using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Web.Hosting;
using CnnService.Web.Persistence;
using CnnService.Web.Resources;

namespace CnnService.Web.Features.Datasets;

/// <summary>POST /datasets/{name}/images: pictures for a data set that is there, such as a wrong prediction put right.</summary>
internal static class DatasetAdditions
{
    private const string LockFile = "additions.lock";

    public static async Task<IResult> AddAsync(HttpContext http, [AsParameters] AdditionParts parts, string name)
    {
        var posted = http.Request.HasFormContentType
            ? await PostedPictures.ReadAsync(http).ConfigureAwait(false)
            : new Problem(ProblemKind.UnsupportedMedia, "request.unsupported-media-type", "Send multipart/form-data with split, class and files.");
        if (posted.Problem is { } problem)
        {
            return problem.ToResult();
        }

        var form = await http.Request.ReadFormAsync(http.RequestAborted).ConfigureAwait(false); // Read already; the same again.
        var asked = Check(form);
        var free = asked.Problem ?? DiskRules.Refusal(parts.Folders, posted.Value.Sum(picture => picture.File.Length));
        var found = free ?? (await parts.Datasets.WritableAsync(name).ConfigureAwait(false)).Problem;
        if (found is not null)
        {
            return found.ToResult();
        }

        var folder = parts.Folders.Dataset(name);
        var added = await parts.Slots.RunAsync(() => Locked(folder, () => parts.Extender.Add(
            folder, asked.Value.Split, asked.Value.Class, [.. posted.Value.Select(picture => (picture.Name ?? "picture", picture.File))], http.RequestAborted)), http.RequestAborted).ConfigureAwait(false);
        if (added.Problem is { } failure)
        {
            return failure.ToResult();
        }

        var row = await parts.Datasets.FindAsync(name).ConfigureAwait(false);
        return row is null
            ? Problem.NotFound("dataset.not-found", $"There is no data set '{name}'.").ToResult()
            : TypedResults.Ok(new DatasetAdditionResource([.. added.Value.Added.Select(image => ImageResource.Of(added.Value.Manifest, image))], added.Value.Rejected, DatasetResource.Of(row, added.Value.Manifest)));
    }

    private static Outcome<(Split Split, string Class)> Check(IFormCollection form)
    {
        var errors = new ValidationErrors();
        var (split, className) = (form["split"].FirstOrDefault() ?? "train", form["class"].FirstOrDefault() ?? string.Empty);
        var known = Enum.TryParse<Split>(split, ignoreCase: true, out var part) && Enum.IsDefined(part);
        errors.Require(known, "split", $"must be train, validation or test, received \"{split}\"");
        errors.Require(ResourceName.IsClass(className), "class", $"{ResourceName.ClassRule}, received \"{className}\"");
        foreach (var unknown in form.Keys.Where(field => field is not ("split" or "class")))
        {
            errors.Add(unknown, "is not a field here; the fields are split, class and files");
        }

        return errors.Any ? Problem.Validation(errors) : (part, className);
    }

    /// <summary>One addition at a time, whichever process carries it out.</summary>
    private static Outcome<DatasetAddition> Locked(string folder, Func<Outcome<DatasetAddition>> add)
    {
        FileStream held;
        try
        {
            held = new FileStream(Path.Combine(folder, LockFile), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (DirectoryNotFoundException)
        {
            return Problem.NotFound("dataset.not-found", "The data set is gone.");
        }
        catch (IOException failure) when (!failure.IsDiskFull())
        {
            return Problem.Conflict("dataset.in-use", "Other pictures are being added to the data set; try again.");
        }

        using (held)
        {
            return add();
        }
    }
}

/// <summary>What adding needs.</summary>
internal sealed record AdditionParts(DatasetStore Datasets, IDatasetExtender Extender, DecodeSlots Slots, DataFolders Folders);

/// <summary>What became of added pictures.</summary>
/// <param name="Added">The new ones.</param>
/// <param name="Rejected">Those that were left out, and why.</param>
/// <param name="Dataset">As it is now.</param>
internal sealed record DatasetAdditionResource(IReadOnlyList<ImageResource> Added, IReadOnlyList<RejectedFile> Rejected, DatasetResource Dataset);
