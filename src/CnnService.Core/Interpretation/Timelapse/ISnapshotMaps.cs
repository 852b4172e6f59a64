using CnnService.Core.Architecture;
using CnnService.Core.Common;
using CnnService.Core.Interpretation.Layers;
using CnnService.Core.Models;

namespace CnnService.Core.Interpretation.Timelapse;

/// <summary>Runs snapshots of a run up to a layer; they are not published and have no ONNX file. Thread safe.</summary>
public interface ISnapshotMaps
{
    /// <summary>
    /// The layer's output after its activation function; for the last layer, before a closing softmax or sigmoid. Blocks. Problem
    /// codes: <c>torch.unavailable</c>, and those of <see cref="LoadedModel.ReadWeights"/>.
    /// </summary>
    /// <param name="snapshot">A snapshot of a run.</param>
    /// <param name="layer">A layer of its network.</param>
    /// <param name="image">At the network's input size and channels.</param>
    /// <param name="cancel">Ends the wait for a rendering slot.</param>
    Outcome<LayerActivations> Read(LoadedModel snapshot, ResolvedLayer layer, PixelBuffer image, CancellationToken cancel);
}
