using CnnService.Core.Common;
using CnnService.Web.Artifacts;
using CnnService.Web.Persistence;

namespace CnnService.Web.Api.Images;

/// <summary>The input image of a call: an image of a data set if the query names one, else the request body.</summary>
internal static class ImageInput
{
    /// <summary>The image's file.</summary>
    /// <param name="http">The request.</param>
    /// <param name="image"><c>dataset/id</c>; null: the image is in the body.</param>
    /// <param name="datasets">Looks up the data set.</param>
    /// <param name="folders">The folders of the data sets.</param>
    public static async Task<Outcome<ReadOnlyMemory<byte>>> FileAsync(
        HttpContext http, string? image, DatasetStore datasets, DataFolders folders)
    {
        if (image is null)
        {
            var posted = await RequestImages.ReadOneAsync(http);
            return posted.Bind<ReadOnlyMemory<byte>>(image => image.File);
        }

        if (image.Split('/') is not [var dataset, var id])
        {
            return Problem.Invalid("request.invalid", $"image must be 'dataset/id', received '{image}'.");
        }

        var file = await DatasetImages.FileAsync(datasets, folders, dataset, id, http.RequestAborted);
        return file.Bind<ReadOnlyMemory<byte>>(found => new ReadOnlyMemory<byte>(found.File));
    }
}
