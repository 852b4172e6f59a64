using CnnService.Studio.Pages.Tour.Steps;

namespace CnnService.Studio.Pages.Tour;

/// <summary>A step of the tour.</summary>
/// <param name="Slug">Its part of the address: <c>/tour/pooling</c>.</param>
/// <param name="Title">What it is about, in the field's word.</param>
/// <param name="Question">What it answers.</param>
/// <param name="Figure">The component that shows it.</param>
internal sealed record TourStep(string Slug, string Title, string Question, Type Figure)
{
    /// <summary>The path, in its order.</summary>
    public static IReadOnlyList<TourStep> All { get; } =
    [
        new("convolution", "Convolution", "How does a filter find a pattern?", typeof(ConvolutionStep)),
        new("depth", "Depth and several filters", "What becomes of colours, and of many filters?", typeof(DepthStep)),
        new("relu", "ReLU", "Why is there a bend between the layers?", typeof(ReluStep)),
        new("stride", "Stride and padding", "How large is what comes out?", typeof(StrideStep)),
        new("pooling", "Pooling", "What may be forgotten?", typeof(PoolingStep)),
        new("dense", "Flatten and dense", "How do maps become an answer?", typeof(FlattenStep)),
        new("network", "The network", "What does the whole look like?", typeof(NetworkStep)),
        new("training", "Training and overfitting", "How does it learn, and what does it learn by heart?", typeof(TrainingStep)),
        new("receptive-field", "Receptive field", "What can one cell see?", typeof(ReceptiveFieldStep)),
        new("feature-maps", "Feature maps", "What becomes of an image on its way?", typeof(FeatureMapsStep)),
        new("patterns", "Patterns", "What does a filter look for?", typeof(PatternsStep)),
        new("classes", "Class images", "What does the network take for a class?", typeof(ClassImagesStep)),
        new("why", "Why", "Which part of the image decided?", typeof(WhyStep)),
    ];

    /// <summary>A step's place, from 0; the first where the address names none.</summary>
    public static int Find(string? slug) => Math.Max(0, All.ToList().FindIndex(step => step.Slug == slug));
}
