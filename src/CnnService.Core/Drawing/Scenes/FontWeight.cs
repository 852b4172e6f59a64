namespace CnnService.Core.Drawing.Scenes;

/// <summary>The weights that text is set in.</summary>
public enum FontWeight
{
    Regular,
    Medium,
    Semibold,
}
