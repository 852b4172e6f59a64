using CnnService.Core.Architecture;
using CnnService.Core.Architecture.Presets;
using CnnService.Core.Common;

namespace CnnService.Web.Features.Architectures;

/// <param name="Name">As in the field <c>architecture</c> of a training request.</param>
/// <param name="Description">What it is, whence.</param>
/// <param name="Input">The picture it was made for.</param>
/// <param name="Parameters">Trainable ones, for that picture and the classes it was made for.</param>
internal sealed record PresetItem(string Name, string Description, InputSpec Input, long Parameters)
{
    public static PresetItem Of(Preset preset) =>
        new(preset.Name, preset.Description, preset.DefaultInput, ArchitectureSummary.Of(PresetDetails.Resolve(preset)).Totals.Parameters);
}

/// <param name="Name">As in the field <c>architecture</c> of a training request.</param>
/// <param name="Description">What it is, whence.</param>
/// <param name="Architecture">Its definition, as a training request takes it.</param>
/// <param name="Summary">Its layer table.</param>
internal sealed record PresetDetails(string Name, string Description, NetworkSpec Architecture, ArchitectureSummary Summary)
{
    public static PresetDetails Of(Preset preset)
    {
        var network = Resolve(preset);
        return new(preset.Name, preset.Description, preset.Create(preset.DefaultClasses), ArchitectureSummary.Of(network));
    }

    /// <summary>A preset that breaks its own rules is a fault of the program.</summary>
    internal static ResolvedNetwork Resolve(Preset preset)
    {
        var errors = new ValidationErrors();
        return NetworkSpecValidator.Resolve(preset.Create(preset.DefaultClasses), preset.DefaultClasses, errors, preset.Name)
            ?? throw new InvalidOperationException($"The preset {preset.Name} is not valid: {string.Join("; ", errors.ToDictionary().Keys)}.");
    }
}
