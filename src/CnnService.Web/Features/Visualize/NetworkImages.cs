using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Models;
using CnnService.Web.Artifacts;
using CnnService.Web.Persistence;

namespace CnnService.Web.Features.Visualize;

/// <summary>Reads input images of networks: from a data set or from the request body.</summary>
internal sealed class NetworkImages(DatasetStore datasets, DataFolders folders, DecodeSlots slots, IImageDecoder decoder, Renderings renderings)
{
    /// <summary>Pixels at the network's input size and number of channels. Problems: those of finding and decoding the image,
    /// and <c>render.timeout</c>.</summary>
    /// <param name="http">The request.</param>
    /// <param name="image">The image; null: it is in the body.</param>
    /// <param name="model">The model whose network takes the image.</param>
    public Task<Outcome<PixelBuffer>> ReadAsync(HttpContext http, DatasetImageName? image, LoadedModel model) =>
        ImageInput.PixelsAsync(http, image?.Text, datasets, folders, slots, decoder, model.Network.Spec.Input, renderings.Limit);
}
