using CnnService.Core.Architecture;
using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Web.Artifacts;
using CnnService.Web.Persistence;

namespace CnnService.Web.Api.Images;

/// <summary>The picture that a call is about: one of a data set where the query names it, else the one that was posted.</summary>
internal static class ImageInput
{
    /// <summary>Its pixels, as the network takes them.</summary>
    /// <param name="http">The request.</param>
    /// <param name="image"><c>dataset/id</c>; null: in the body.</param>
    /// <param name="datasets">Knows the data sets.</param>
    /// <param name="folders">Where their pictures lie.</param>
    /// <param name="slots">Bound how many are decoded at once.</param>
    /// <param name="decoder">Decodes.</param>
    /// <param name="input">Of the network.</param>
    public static async Task<Outcome<PixelBuffer>> PixelsAsync(
        HttpContext http, string? image, DatasetStore datasets, DataFolders folders, DecodeSlots slots, IImageDecoder decoder, InputSpec input)
    {
        var file = await FileAsync(http, image, datasets, folders);
        return file.Problem is { } problem
            ? problem
            : await slots.RunAsync(() => decoder.Decode(file.Value, new DecodeTarget(input.Width, input.Height, input.Channels)), http.RequestAborted);
    }

    private static async Task<Outcome<ReadOnlyMemory<byte>>> FileAsync(HttpContext http, string? image, DatasetStore datasets, DataFolders folders)
    {
        if (image is null)
        {
            var posted = await PostedPictures.ReadAsync(http);
            return posted.Bind<ReadOnlyMemory<byte>>(pictures => pictures[0].File);
        }

        if (image.Split('/') is not [var dataset, var id])
        {
            return Problem.Invalid("request.invalid", $"image must be 'dataset/id', received '{image}'.");
        }

        var file = await DatasetImages.FileAsync(datasets, folders, dataset, id);
        return file.Bind<ReadOnlyMemory<byte>>(found => new ReadOnlyMemory<byte>(found.File));
    }
}
