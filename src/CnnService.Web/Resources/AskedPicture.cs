using CnnService.Core.Common;
using CnnService.Web.Hosting;
using CnnService.Web.Persistence;

namespace CnnService.Web.Resources;

/// <summary>The picture that a call is about: one of a data set where the query names it, else the one that was posted.</summary>
internal static class AskedPicture
{
    /// <summary>Its file.</summary>
    /// <param name="http">The request.</param>
    /// <param name="image"><c>dataset/id</c>; null: in the body.</param>
    /// <param name="datasets">Knows the data sets.</param>
    /// <param name="folders">Where their pictures lie.</param>
    public static async Task<Outcome<ReadOnlyMemory<byte>>> FileAsync(HttpContext http, string? image, DatasetStore datasets, DataFolders folders)
    {
        if (image is null)
        {
            var posted = await PostedPictures.ReadAsync(http).ConfigureAwait(false);
            return posted.Then<ReadOnlyMemory<byte>>(pictures => pictures[0].File);
        }

        if (image.Split('/') is not [var dataset, var id])
        {
            return Problem.Invalid("request.invalid", $"image must be 'dataset/id', received '{image}'.");
        }

        var file = await DatasetImages.FileAsync(datasets, folders, dataset, id).ConfigureAwait(false);
        return file.Then<ReadOnlyMemory<byte>>(found => new ReadOnlyMemory<byte>(found.File));
    }
}
