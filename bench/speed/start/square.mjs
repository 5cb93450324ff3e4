export const square = (n) => n * n
export default square
