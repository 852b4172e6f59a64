namespace CnnService.Studio.Parts.Models;

/// <summary>Chooses a network.</summary>
public sealed partial class ModelPicker;
