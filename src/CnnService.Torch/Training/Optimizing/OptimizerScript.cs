using static TorchSharp.torch;

namespace CnnService.Torch.Training.Optimizing;

/// <summary>The TorchScript functions that <see cref="FusedOptimizer"/> calls. Compiled once per process. Thread safe.</summary>
internal static class OptimizerScript
{
    /// <summary>
    /// The kernels ask that gradients lie in memory as their parameters do, and autograd gives those of channels-last kernels otherwise.
    /// Constants are those of PyTorch: betas 0.9 and 0.999, epsilon 1e-8, alpha 0.99.
    /// </summary>
    private const string Text = """
        def aligned(values: List[Tensor], gradients: List[Tensor]) -> List[Tensor]:
            result: List[Tensor] = []
            for i in range(len(values)):
                gradient = gradients[i]
                if gradient.stride() != values[i].stride():
                    gradient = torch.empty_like(values[i]).copy_(gradient)
                result.append(gradient)
            return result

        def adam(values: List[Tensor], gradients: List[Tensor], rate: float, first: List[Tensor], second: List[Tensor],
                 steps: List[Tensor], decay: float) -> int:
            largest: List[Tensor] = []
            torch._fused_adam_(values, aligned(values, gradients), first, second, largest, steps, lr=rate, beta1=0.9, beta2=0.999,
                               weight_decay=decay, eps=1e-8, amsgrad=False, maximize=False)
            return 0

        def adamw(values: List[Tensor], gradients: List[Tensor], rate: float, first: List[Tensor], second: List[Tensor],
                  steps: List[Tensor], decay: float, penalty: float) -> int:
            largest: List[Tensor] = []
            direction = aligned(values, gradients)
            if penalty > 0.0:
                direction = torch._foreach_add(direction, values, alpha=penalty)
            torch._fused_adamw_(values, direction, first, second, largest, steps, lr=rate, beta1=0.9, beta2=0.999,
                                weight_decay=decay, eps=1e-8, amsgrad=False, maximize=False)
            return 0

        def sgd(values: List[Tensor], gradients: List[Tensor], rate: float, first: List[Tensor], decay: float, momentum: float,
                nesterov: bool) -> int:
            buffers: List[Tensor] = []
            if momentum > 0.0:
                buffers = first
            torch._fused_sgd_(values, aligned(values, gradients), buffers, weight_decay=decay, momentum=momentum, lr=rate,
                              dampening=0.0, nesterov=nesterov, maximize=False, is_first_step=False)
            return 0

        def rmsprop(values: List[Tensor], gradients: List[Tensor], rate: float, first: List[Tensor], second: List[Tensor],
                    decay: float, momentum: float) -> int:
            direction = aligned(values, gradients)
            if decay > 0.0:
                direction = torch._foreach_add(direction, values, alpha=decay)
            torch._foreach_mul_(second, 0.99)
            torch._foreach_addcmul_(second, direction, direction, value=1.0 - 0.99)
            root = torch._foreach_sqrt(second)
            torch._foreach_add_(root, 1e-8)
            if momentum > 0.0:
                torch._foreach_mul_(first, momentum)
                torch._foreach_addcdiv_(first, direction, root, value=1.0)
                torch._foreach_add_(values, first, alpha=-rate)
            else:
                torch._foreach_addcdiv_(values, direction, root, value=-rate)
            return 0

        """; // The parser wants the line end of the last line.

    private static readonly Lazy<jit.CompilationUnit> Unit = new(() => jit.compile(Text));

    /// <param name="function">adam, adamw, sgd or rmsprop.</param>
    /// <param name="arguments">Those of the function: lists of tensors, scalars that stay alive, and truth values.</param>
    internal static void Run(string function, object[] arguments) => _ = Unit.Value.invoke(function, arguments);
}
