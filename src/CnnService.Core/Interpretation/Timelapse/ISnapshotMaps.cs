using CnnService.Core.Architecture;
using CnnService.Core.Common;
using CnnService.Core.Models;

namespace CnnService.Core.Interpretation.Timelapse;

/// <summary>Reads what a layer of weights that were never published answers to an image; they have no ONNX file. Thread safe.</summary>
public interface ISnapshotMaps
{
    /// <summary>The layer's output after its activation function; of the last layer before a closing softmax or sigmoid. Blocks.</summary>
    /// <param name="snapshot">A moment of a run.</param>
    /// <param name="layer">Of its network.</param>
    /// <param name="image">At the network's input size and channels.</param>
    /// <param name="cancel">Ends the waiting for a turn.</param>
    /// <exception cref="IOException">The snapshot is gone: <see cref="FileNotFoundException"/> or
    /// <see cref="DirectoryNotFoundException"/>.</exception>
    LayerActivations Read(LoadedModel snapshot, ResolvedLayer layer, PixelBuffer image, CancellationToken cancel);
}
