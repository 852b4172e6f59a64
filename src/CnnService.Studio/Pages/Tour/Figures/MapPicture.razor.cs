namespace CnnService.Studio.Pages.Tour.Figures;

/// <summary>A map or picture of few cells, enlarged so that each cell stays sharp.</summary>
public sealed partial class MapPicture;
