using CnnService.Core.Classification;
using CnnService.Core.Models;

namespace CnnService.Web.Features.Inference;

/// <summary>An input that a model can be given; a request has one of them.</summary>
/// <param name="Name">Its name in requests.</param>
/// <param name="Form">What its values are.</param>
/// <param name="Sizes">Its dimensions for one image; none for image files.</param>
internal sealed record OfferedInput(string Name, InputForm Form, IReadOnlyList<long> Sizes)
{
    private const string Planes = "input";
    private const string Pixels = "pixels";
    private const string Image = "image";

    /// <summary>Data type of the protocol.</summary>
    public string Datatype => Form switch
    {
        InputForm.Pixels => RequestedInput.UInt8,
        InputForm.Files => RequestedInput.ByteText,
        _ => RequestedInput.Float32,
    };

    /// <summary>The inputs of a version: first that of the file it was imported from, by its own name, then those of all.</summary>
    public static IReadOnlyList<OfferedInput> Of(LoadedModel model)
    {
        var (height, width, channels) = model.Network.Spec.Input;
        long[] planes = [channels, height, width];
        long[] pixels = [height, width, channels];
        var file = model.Manifest.FileInput is not { } own ? null : new OfferedInput(
            own.Name, own.IsBytes ? InputForm.Pixels : own.IsChannelsLast ? InputForm.Interleaved : InputForm.Planes,
            own is { IsBytes: false, IsChannelsLast: false } ? planes : pixels);
        OfferedInput[] here =
            [new(Planes, InputForm.Planes, planes), new(Pixels, InputForm.Pixels, pixels), new(Image, InputForm.Files, [])];
        return file is null ? here :
        [
            file,
            .. here.Where(input => (input.Name, input.Form) != (file.Name, file.Form))
                .Select(input => input with { Name = TensorNames.Beside(input.Name, [file.Name]) }),
        ];
    }

    /// <summary>The input of a tensor: the one of its name, or image files where it has none; null if there is none.</summary>
    public static OfferedInput? Find(LoadedModel model, RequestedInput tensor) => Of(model).FirstOrDefault(
        input => tensor.Name is null ? input.Form == InputForm.Files : input.Name == tensor.Name);

    /// <summary>
    /// The inputs that the version's network takes, the one for clients that ask for a single one first: a network that contains its
    /// preprocessing takes bytes.
    /// </summary>
    public static IReadOnlyList<OfferedInput> Of(LoadedModel model, TensorSignature signature) => signature.TakesBytes
        ? [.. Of(model).Where(input => input.Form is InputForm.Pixels or InputForm.Files)]
        : Of(model);
}
