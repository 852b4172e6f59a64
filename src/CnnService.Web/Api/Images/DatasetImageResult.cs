using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Interpretation.Rendering;
using CnnService.Web.Artifacts;
using CnnService.Web.Persistence;

namespace CnnService.Web.Api.Images;

/// <summary>
/// Answers with an image of a data set, or its thumbnail. Both follow from the file's hash, so clients keep them by ETag, and thumbnails
/// are made once and kept among the drawn images.
/// </summary>
internal static class DatasetImageResult
{
    /// <summary>Incremented when thumbnails get different pixels.</summary>
    private const int ThumbnailVersion = 1;

    /// <summary>Problems: <c>request.invalid</c> for the size, those of finding the file and of decoding it.</summary>
    /// <param name="http">Its response gets a neutral file name, as stored names come from clients.</param>
    /// <param name="services">The services needed.</param>
    /// <param name="dataset"><c>name</c> or <c>name:revision</c>.</param>
    /// <param name="id">The image's id.</param>
    /// <param name="size">Side in pixels of the square that a thumbnail fits; null: the file as it is.</param>
    public static async Task<IResult> AnswerAsync(HttpContext http, DatasetImageServices services, string dataset, string id, int? size)
    {
        if (StoredImageResult.CheckSize(size) is { } problem)
        {
            return problem.ToResult();
        }

        var found = await DatasetImages.DescriptionAsync(services.Datasets, services.Folders, dataset, http.RequestAborted)
            .BindAsync(manifest => DatasetImages.Find(manifest, dataset, id).Map(image => (Manifest: manifest, Image: image)));
        return await found.ToIResultAsync(async known =>
        {
            var tag = Key(known.Image, size);
            return CacheableImageResult.NotModified(http, tag)
                ?? (await ContentAsync(services, known.Manifest, known.Image, size, http.RequestAborted)).ToIResult(content =>
                {
                    http.Response.Headers.ContentDisposition = "inline; filename=\"image\"";
                    return CacheableImageResult.File(
                        http, content, size is null ? known.Image.MediaType : StoredImageResult.ThumbnailType, tag);
                });
        });
    }

    /// <summary>Identifies what is answered; hex.</summary>
    private static string Key(DatasetImage image, int? size) => size is { } side
        ? Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(
            string.Create(CultureInfo.InvariantCulture, $"thumbnail|{ThumbnailVersion}|{image.Sha256}|{side}"))))
        : image.Sha256;

    private static async Task<Outcome<byte[]>> ContentAsync(
        DatasetImageServices services, DatasetManifest manifest, DatasetImage image, int? size, CancellationToken cancel)
    {
        if (size is not { } side)
        {
            return await DatasetImages.ReadAsync(manifest, services.Folders, image, cancel);
        }

        var key = Key(image, size);
        if (services.Kept.TryGet(key, out var kept))
        {
            return kept;
        }

        return await DatasetImages.ReadAsync(manifest, services.Folders, image, cancel)
            .BindAsync(file => services.Slots.RunAsync(() => services.Thumbnailer.Create(file, side), cancel))
            .MapAsync(thumbnail =>
            {
                services.Kept.Put(key, thumbnail);
                return thumbnail;
            });
    }
}

/// <summary>The services needed for answering with an image.</summary>
internal sealed record DatasetImageServices(
    DatasetStore Datasets, DataFolders Folders, IThumbnailer Thumbnailer, IImageCache Kept, DecodeSlots Slots);
