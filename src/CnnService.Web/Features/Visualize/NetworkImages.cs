using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Models;
using CnnService.Web.Artifacts;
using CnnService.Web.Persistence;

namespace CnnService.Web.Features.Visualize;

/// <summary>Images as a network takes them: of a data set, or posted.</summary>
internal sealed class NetworkImages(DatasetStore datasets, DataFolders folders, DecodeSlots slots, IImageDecoder decoder)
{
    /// <summary>Pixels at the network's input size and channels. Problem codes: those of finding and of decoding the image.</summary>
    /// <param name="http">The request.</param>
    /// <param name="image">Null: in the body.</param>
    /// <param name="model">Whose network.</param>
    public Task<Outcome<PixelBuffer>> ReadAsync(HttpContext http, DatasetImageName? image, LoadedModel model) =>
        ImageInput.PixelsAsync(http, image?.Text, datasets, folders, slots, decoder, model.Network.Spec.Input);
}
