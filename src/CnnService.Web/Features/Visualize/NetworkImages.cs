using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Models;
using CnnService.Web.Artifacts;
using CnnService.Web.Persistence;

namespace CnnService.Web.Features.Visualize;

/// <summary>Reads input images of networks: from a data set or from the request body.</summary>
internal sealed class NetworkImages(
    DatasetStore datasets, DataFolders folders, DecodeSlots slots, IImageDecoder decoder, Renderings renderings)
{
    /// <summary>
    /// Pixels at the network's input size and number of channels. Problems: those of finding and decoding the image, and
    /// <c>render.timeout</c>.
    /// </summary>
    /// <param name="http">The request.</param>
    /// <param name="image">The image; null: it is in the body.</param>
    /// <param name="model">The model whose network takes the image.</param>
    public async Task<Outcome<PixelBuffer>> ReadAsync(HttpContext http, DatasetImageName? image, LoadedModel model)
    {
        var file = await ImageInput.FileAsync(http, image?.Text, datasets, folders);
        var limit = renderings.Limit(http);
        var (height, width, channels) = model.Network.Spec.Input;
        return await file.BindAsync(bytes => slots.RunUntilAsync(
            () => decoder.Decode(bytes, new DecodeTarget(width, height, channels)), limit.Exceeded, limit.Over, http.RequestAborted));
    }
}
