namespace CnnService.Core.Drawing.Scenes;

/// <summary>The themes that a request may choose.</summary>
public enum ThemeName
{
    /// <summary>Dark on white.</summary>
    Light,

    /// <summary>Light on dark grey.</summary>
    Dark,
}
