using CnnService.Core.Common;
using CnnService.Core.Datasets;

namespace CnnService.Core.Interpretation.Augmentation;

/// <summary>Training images as a run changes them.</summary>
public interface IAugmentedImages
{
    /// <summary>Changes whenever the same request gives another image: part of every tag.</summary>
    string Revision => "1";

    /// <summary>
    /// The image in epoch after epoch, by the code that training uses, before normalization and rounded to bytes. Blocks. Thread
    /// safe. Problem code: <c>torch.unavailable</c>.
    /// </summary>
    /// <param name="image">At the size that is trained on.</param>
    /// <param name="index">Of the image among the training images.</param>
    /// <param name="spec">How far changes may go.</param>
    /// <param name="seed">Of the run.</param>
    /// <param name="epochs">How many, from the first.</param>
    /// <param name="cancel">Stops it.</param>
    Outcome<IReadOnlyList<PixelBuffer>> Draw(
        PixelBuffer image, int index, AugmentationSpec spec, long seed, int epochs, CancellationToken cancel);
}
