using CnnService.Core.Common;
using CnnService.Core.Datasets;

namespace CnnService.Core.Interpretation.Augmentation;

/// <summary>Augments training images as a run does. Thread safe.</summary>
public interface IAugmentedImages
{
    /// <summary>Changes whenever the same request gives another image; part of every entity tag.</summary>
    string Revision => "1";

    /// <summary>
    /// The image as augmented in consecutive epochs by the code that training uses, before normalization and rounded to bytes. Blocks.
    /// Problem code: <c>torch.unavailable</c>.
    /// </summary>
    /// <param name="image">A training image at the size the network is trained on.</param>
    /// <param name="index">Index of the image among the training images.</param>
    /// <param name="spec">Ranges of the augmentation.</param>
    /// <param name="seed">Seed of the run.</param>
    /// <param name="epochs">Number of epochs, from the first.</param>
    /// <param name="cancel">Stops the work.</param>
    Outcome<IReadOnlyList<PixelBuffer>> Draw(
        PixelBuffer image, int index, AugmentationSpec spec, long seed, int epochs, CancellationToken cancel);
}
